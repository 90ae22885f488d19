package io.millrace.models;

import static io.millrace.models.HistoryTest.dimension;
import static io.millrace.models.HistoryTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.engine.Limits;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.project.DataTest;
import io.millrace.project.Dimension;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Dimension.Kind;
import io.millrace.project.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each history is tested for without being asked. */
class HistoryFailuresTest {

  @TempDir Path folder;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() {
    workshop = new Workshop(new TreeMap<>(), Limits.ofBuilds(Settings.DEFAULTS), folder);
  }

  @AfterEach
  void closeWorkshop() {
    workshop.close();
  }

  @Test
  void namesWhatIsWrongWithVersions() {
    String versions =
        """
        SELECT * FROM (VALUES
          ('fine', 1, 2, false), ('fine', 2, NULL, false), ('deleted', 1, 3, true), ('back', 1, 3, true), ('back', 4, NULL, false),
          ('gap', 1, 3, false), ('gap', 4, NULL, false), ('over', 1, 5, false), ('over', 4, NULL, false),
          ('two', 1, NULL, false), ('two', 4, NULL, false), ('none', 1, 4, false), ('turned', 4, 2, true), (NULL, 1, NULL, false),
          ('never', NULL, NULL, false)
        ) AS t(k, valid_from, valid_to, was_deleted)
        """;
    Dimension dimension =
        dimension(Kind.SNAPSHOT, Optional.empty(), HardDeletes.INVALIDATE, Optional.empty());
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      bench.temporary("history", versions);
      assertThat(rows(failures(dimension), "k, wrong", bench))
          .containsExactlyInAnyOrder(
              Arrays.asList("gap", "leaves a gap"),
              Arrays.asList("over", "overlaps the next one"),
              Arrays.asList("two", "is current, and so is a later one"),
              Arrays.asList("none", "has no current version after it"),
              Arrays.asList("turned", "ends before it begins"),
              Arrays.asList(null, "has no key"),
              Arrays.asList("never", "has no time"));
    }
  }

  @Test
  void namesWhatWasKnownTwice() {
    String versions =
        """
        SELECT * FROM (VALUES
          ('fine', 1, NULL, 1, 3), ('fine', 1, 3, 3, NULL), ('fine', 3, NULL, 3, NULL),
          ('twice', 1, NULL, 1, 4), ('twice', 2, NULL, 3, NULL)
        ) AS t(k, valid_from, valid_to, recorded_from, recorded_to)
        """;
    Dimension dimension =
        dimension(Kind.SNAPSHOT, Optional.empty(), HardDeletes.IGNORE, Optional.of("known"));
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      bench.temporary("history", versions);
      assertThat(rows(failures(dimension), "k, wrong", bench))
          .containsExactly(List.of("twice", "is known beside another one for the same time"));
    }
  }

  @Test
  void aKeyHasOneRowWhereVersionsAreNotKept() {
    Dimension dimension =
        dimension(Kind.SCD1, Optional.empty(), HardDeletes.IGNORE, Optional.empty());
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      bench.temporary(
          "history",
          "SELECT * FROM (VALUES ('one', DATE '2026-03-01'), ('two', DATE '2026-03-01'), ('two', DATE '2026-03-02')) AS t(k, valid_from)");
      assertThat(rows(failures(dimension), "k, wrong", bench))
          .containsExactly(List.of("two", "is current, and so is a later one"));
    }
  }

  @Test
  void noTwoVersionsHaveOneSurrogateKey() {
    Dimension dimension =
        HistoryTest.inferring(
            dimension(Kind.SNAPSHOT, Optional.empty(), HardDeletes.IGNORE, Optional.empty()));
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      bench.temporary(
          "history",
          "SELECT * FROM (VALUES (7, 'one', 1, 2), (8, 'one', 2, NULL), (8, 'two', 1, NULL)) AS t(number, k, valid_from, valid_to)");
      assertThat(rows(failures(dimension), "k, valid_from, wrong", bench))
          .containsExactlyInAnyOrder(
              List.of("one", 2, "has the surrogate key of another one"),
              List.of("two", 1, "has the surrogate key of another one"));
    }
  }

  private static String failures(Dimension dimension) {
    DataTest test =
        new DataTest(
            "history",
            new TableName("build", "history"),
            new DataTest.Check.Versions(dimension),
            DataTest.Severity.ERROR,
            Optional.empty(),
            Path.of("models/schema.yml"),
            1);
    return FailingRows.of(test, Instant.EPOCH).sql();
  }
}
