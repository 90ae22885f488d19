package io.millrace.boot;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Whether streams keep up with what they are sent. */
final class LiveStreams {

  private final Path metadata;
  private final Duration limit;
  private final InstantSource clock;
  private final String sql;

  /**
   * @param limit a stream that has taken events and committed nothing for longer is behind
   */
  LiveStreams(Path metadata, Duration limit, InstantSource clock) {
    // The stream makes its tables when it starts, which may be later.
    Ledger.open(metadata).close();
    this.metadata = metadata;
    this.limit = limit;
    this.clock = clock;
    try (InputStream in = LiveStreams.class.getResourceAsStream("streams-behind.sql")) {
      this.sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stream that is behind, in words; empty if none is. */
  Optional<String> behind() {
    Instant now = clock.instant();
    try (Connection connection = MetadataDatabase.open(metadata);
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, ChronoUnit.MICROS.between(Instant.EPOCH, now.minus(limit)));
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                "bronze.%s is %d s behind"
                    .formatted(
                        row.getString(1),
                        ChronoUnit.SECONDS.between(
                            Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS), now)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw MillraceException.world("Cannot see how far streams are: " + e.getMessage(), e);
    }
  }
}
