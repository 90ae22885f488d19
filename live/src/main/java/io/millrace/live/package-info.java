/** The newest row of each key of a stream, kept at hand. */
package io.millrace.live;
