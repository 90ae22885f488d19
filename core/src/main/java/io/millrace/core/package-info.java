/** The shared language: names, rows, errors, the data directory. Knows nothing but the JDK. */
package io.millrace.core;
