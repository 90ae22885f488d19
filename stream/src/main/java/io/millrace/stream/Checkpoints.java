package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.WholeFile;
import io.millrace.lake.Bucket;
import io.millrace.project.Settings;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the job keeps its checkpoints, and beside them the ids and sessions it remembers: in the
 * data directory, or in a bucket. The job reaches a bucket through a file system of its cluster's;
 * which checkpoint there is the newest is looked up without Flink.
 *
 * @param folder an absolute path, or {@code s3://bucket/prefix}
 * @param endpoint of the S3 API; empty for that of AWS
 */
record Checkpoints(String folder, String endpoint) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Those of a job on this machine. */
  static Checkpoints in(DataDirectory data) {
    return new Checkpoints(data.checkpoints().toString(), "");
  }

  /**
   * Those of a job on a cluster. In a bucket each data directory has a folder of its own: another
   * project's checkpoint must not be restored, nor its ids be deleted as nobody's.
   */
  static Checkpoints deployed(Settings settings, DataDirectory data) {
    return settings
        .checkpoints()
        .map(
            place ->
                new Checkpoints(place + "/" + name(data), settings.warehouseEndpoint().orElse("")))
        .orElseGet(() -> in(data));
  }

  private static String name(DataDirectory data) {
    if (!Files.exists(data.name())) {
      WholeFile.replace(data.name(), UUID.randomUUID() + "\n");
    }
    try {
      return Files.readString(data.name()).strip();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + data.name() + ": " + e.getMessage(), e);
    }
  }

  /** The one that a new job goes on from. */
  Optional<RestorePoint> newest() {
    return isInBucket()
        ? RestorePoint.newest(new Bucket(folder, endpoint).objects())
        : RestorePoint.newest(Path.of(folder));
  }

  /** Has the next job go on where the tables end. */
  void forget() {
    if (isInBucket()) {
      new Bucket(folder, endpoint).empty();
    } else {
      RestorePoint.forget(Path.of(folder));
    }
  }

  /** As Flink names it. */
  String uri() {
    return isInBucket() ? folder : Path.of(folder).toUri().toString().replaceFirst("/$", "");
  }

  /** Of the files with the ids that are remembered. */
  String repeats() {
    return uri() + "/repeats";
  }

  /** Of the files with the sessions that are remembered. */
  String sessions() {
    return uri() + "/sessions";
  }

  private boolean isInBucket() {
    return folder.startsWith("s3://");
  }
}
