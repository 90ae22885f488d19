package io.millrace.core;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The stream job on a Flink cluster. It is written down before the job is submitted and removed
 * when the job was ended, so where nothing is written down no cluster runs it.
 *
 * @param url of the cluster's REST API
 * @param job its id there
 * @param kafka the servers it reads
 * @param parallelism its subtasks
 */
public record Deployment(String url, String job, String kafka, int parallelism) {

  public void write(Path file) {
    WholeFile.replace(
        file, "url=%s\njob=%s\nkafka=%s\nparallelism=%d\n".formatted(url, job, kafka, parallelism));
  }

  /** The deployment of the project on this data directory, if there is one. */
  public static Optional<Deployment> find(Path file) {
    return WholeFile.find(
        file,
        values ->
            new Deployment(
                values.getProperty("url"),
                values.getProperty("job"),
                values.getProperty("kafka"),
                Integer.parseInt(values.getProperty("parallelism"))));
  }
}
