package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.collect.Acknowledged.Count;
import io.millrace.collect.Acknowledged.Place;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedTest {

  private static final Place PLACE = new Place("clicks", 0);

  /** What a full disk does: the write fails, and SQLite ends the transaction by itself. */
  private static final String FULL =
      "CREATE TRIGGER disk BEFORE INSERT ON acknowledged"
          + " BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";

  @TempDir Path directory;

  @Test
  void whatAFullDiskRefusedIsCountedOnce() throws SQLException {
    Path metadata = directory.resolve("metadata.db");
    try (Acknowledged counts = Acknowledged.open(metadata)) {
      counts.add(Map.of(PLACE, new Count(10, 9)));
      counts.flush();
      execute(metadata, FULL);

      counts.add(Map.of(PLACE, new Count(5, 14)));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(counts::flush)
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("disk is full");
      }
      execute(metadata, "DROP TRIGGER disk");
      counts.flush();
      counts.flush();

      assertThat(Acknowledged.read(metadata)).isEqualTo(Map.of(PLACE, new Count(15, 14)));
    }
  }

  private static void execute(Path metadata, String sql) throws SQLException {
    try (Connection connection = MetadataDatabase.open(metadata);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
