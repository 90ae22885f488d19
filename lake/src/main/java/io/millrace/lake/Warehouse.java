package io.millrace.lake;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.WholeFile;
import io.millrace.project.Settings;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Where the files of tables are: in the data directory, or in a bucket behind an S3 API. It is
 * settled before the first table is made, and stays, because tables know their files by location.
 *
 * @param location {@code s3://bucket/prefix}; without, the data directory
 * @param endpoint of the S3 API, {@code http://host:port}; without, that of AWS
 */
public record Warehouse(Optional<String> location, Optional<String> endpoint) {

  /** The one that a data directory was settled for. */
  static Warehouse of(DataDirectory data) {
    return WholeFile.find(
            data.warehouse(),
            values ->
                new Warehouse(
                    Optional.ofNullable(values.getProperty("location")),
                    Optional.ofNullable(values.getProperty("endpoint"))))
        .orElseGet(() -> new Warehouse(Optional.empty(), Optional.empty()));
  }

  /**
   * Settles what the settings say.
   *
   * @throws MillraceException if tables were made elsewhere
   */
  public static void settle(DataDirectory data, Settings settings) {
    Warehouse wanted = new Warehouse(settings.warehouse(), settings.warehouseEndpoint());
    Warehouse present = of(data);
    if (wanted.location().equals(present.location())) {
      if (!wanted.equals(present)) {
        wanted.write(data);
      }
      return;
    }
    if (present.location().isPresent() || Files.exists(data.lake())) {
      throw MillraceException.caller(
          "Cannot use %s as the warehouse: the tables in '%s' were made in %s, and know their files by that; put it back into millrace.yaml, or begin with another data directory"
              .formatted(wanted.words(data), data.root(), present.words(data)));
    }
    wanted.write(data);
  }

  private String words(DataDirectory data) {
    return location.orElse(data.lake().toString());
  }

  private void write(DataDirectory data) {
    WholeFile.replace(
        data.warehouse(),
        "location=%s\n%s"
            .formatted(
                location.orElseThrow(), endpoint.map("endpoint=%s\n"::formatted).orElse("")));
  }

  /** Its files; to be closed. */
  LakeFiles files(DataDirectory data) {
    return location.isPresent()
        ? new ObjectFiles(endpoint.orElse(""), data.copies())
        : new LocalFiles();
  }

  String root(DataDirectory data) {
    return location.orElse(data.lake().toString());
  }
}
