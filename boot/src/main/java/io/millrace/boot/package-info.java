/** The {@code millrace} command: starts, watches and stops the processes. */
package io.millrace.boot;
