/** The way in: events over HTTP and from files, into Kafka, counted when Kafka has them. */
package io.millrace.collect;
