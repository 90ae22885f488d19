package io.millrace.project;

/** Who runs the stream job. */
public enum Flink {
  /** A process beside the server. */
  EMBEDDED,
  /** A Flink cluster that it is deployed to. */
  CLUSTER
}
