/** Files of events, cut into batches for the collector. */
package io.millrace.collect.file;
