/** The Flink job from Kafka to the lake: one for a project, exactly once, resumed by itself. */
package io.millrace.stream;
