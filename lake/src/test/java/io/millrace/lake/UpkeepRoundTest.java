package io.millrace.lake;

import static io.millrace.lake.ClickLake.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.MillraceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepRoundTest {

  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private ClickLake clicks;
  private final List<String> heard = new ArrayList<>();
  private final List<Duration> rests = new ArrayList<>();
  private Duration used = Duration.ZERO;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  @BeforeEach
  void open() {
    clicks = new ClickLake(folder);
  }

  @AfterEach
  void close() {
    clicks.close();
  }

  @Test
  void aRoundTakesWhatFitsAndTheNextTakesTheRest() {
    clicks.appendTimes(9, NOON);
    clicks.appendTimes(12, NOON.plus(DAY));
    long bytes = clicks.upkeep(now.get()).plan().steps().get(0).bytes();
    Upkeep upkeep = upkeep(new PlainRewriter(), 100, bytes + 1);

    assertThat(upkeep.plan().describe()).contains("make one file of 12 in").doesNotContain("of 9");
    upkeep.run(new Notes());
    assertThat(upkeep.run(new Notes()).describe()).contains("make one file of 9 in");
    assertThat(upkeep.run(new Notes()).describe()).isEqualTo("nothing to do\n");
  }

  @Test
  void aStepLargerThanARoundIsDoneAlone() {
    clicks.appendTimes(9, NOON);
    clicks.appendTimes(9, NOON.plus(DAY));

    assertThat(upkeep(new PlainRewriter(), 100, 1).plan().steps()).hasSize(1);
  }

  @Test
  void restsSoThatItUsesItsShareOfACore() {
    clicks.appendTimes(9, NOON);
    Rewriter slow =
        new PlainRewriter() {
          @Override
          public List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order) {
            now.updateAndGet(it -> it.plusSeconds(60));
            used = used.plusSeconds(10);
            return super.rewrite(table, files, order);
          }
        };

    upkeep(slow, 25, 1 << 30).run(new Notes());

    assertThat(rests).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void aPlanIsTheSameWhenItIsAskedForAgain() {
    clicks.appendTimes(9, NOON);
    Upkeep upkeep = upkeep(new PlainRewriter(), 100, 1 << 30);

    UpkeepPlan plan = upkeep.plan();

    assertThat(upkeep.plan()).isEqualTo(plan);
    assertThat(upkeep.run(new Notes())).isEqualTo(plan);
  }

  @Test
  void aTableWithNothingToDoIsLookedAtAgainWhenItChangesOrAnHourBegins() {
    clicks.append(NOON);
    List<String> asked = new ArrayList<>();
    Upkeep upkeep =
        new Upkeep(
            clicks.lake,
            new PlainRewriter(),
            table -> {
              asked.add(table.toString());
              return Set.of();
            },
            ClickLake.limits(),
            now::get,
            rests::add);
    now.set(Instant.parse("2026-03-01T12:10:00Z"));

    upkeep.plan();
    upkeep.plan();
    assertThat(asked).hasSize(1);
    clicks.append(NOON);
    upkeep.plan();
    assertThat(asked).hasSize(2);
    now.set(Instant.parse("2026-03-01T12:59:59Z"));
    upkeep.plan();
    assertThat(asked).hasSize(2);
    now.set(Instant.parse("2026-03-01T13:00:00Z"));
    upkeep.plan();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aRewriteThatChangesRowsIsNotCommitted() {
    clicks.appendTimes(9, NOON);
    List<String> before = clicks.rows();
    List<String> made = new ArrayList<>();
    Rewriter forgetful =
        new PlainRewriter() {
          @Override
          public List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order) {
            List<DataFile> some = super.rewrite(table, files.subList(1, files.size()), order);
            some.forEach(file -> made.add(file.location()));
            return some;
          }
        };
    Upkeep upkeep = upkeep(forgetful, 100, 1 << 30);

    upkeep.run(new Notes());

    assertThat(heard)
        .last()
        .asString()
        .isEqualTo(
            "failed: Cannot compact millrace.bronze.clicks: 9 rows became 8, or others; the files stay as they were");
    assertThat(clicks.rows()).isEqualTo(before);
    assertThat(Path.of(made.get(0))).doesNotExist();
    assertThat(upkeep.run(new Notes()).steps()).as("put off until the next hour").isEmpty();
    now.updateAndGet(it -> it.plus(Duration.ofHours(1)));
    assertThat(upkeep.plan().describe()).contains("make one file of 9");
  }

  @Test
  void oneTableThatFailsDoesNotStopTheOthers() {
    clicks.appendTimes(9, NOON);
    clicks.appendTimes(9, NOON.plus(DAY));
    Rewriter broken =
        (table, files, order) -> {
          throw MillraceException.world("the disk is full", new IllegalStateException());
        };

    upkeep(broken, 100, 1 << 30).run(new Notes());

    assertThat(heard)
        .as("the second step of the table is left out")
        .hasSize(2)
        .last()
        .isEqualTo("failed: the disk is full");
  }

  @Test
  void anAppendWhileFilesAreRewrittenIsKept() {
    clicks.appendTimes(9, NOON);
    Rewriter interrupted =
        new PlainRewriter() {
          @Override
          public List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order) {
            List<DataFile> made = super.rewrite(table, files, order);
            clicks.append(NOON);
            return made;
          }
        };

    upkeep(interrupted, 100, 1 << 30).run();

    assertThat(clicks.rows()).hasSize(10).doesNotHaveDuplicates();
    assertThat(clicks.files()).hasSize(2);
    assertThat(clicks.table().currentSnapshot().summary())
        .containsEntry(Commits.SEQUENCE, "10")
        .containsEntry(Commits.KIND, Commits.REWRITE);
  }

  @Test
  void aQuietPartitionBecomesOneSortedFile() {
    clicks.appendTimes(3, NOON);
    Instant later = Instant.now().plus(Duration.ofHours(25));

    assertThat(clicks.tidy(later).describe())
        .contains(
            "make one file of 3 in event_time_day=2026-03-01, ",
            " KB, sorted by user_id, event_time (no new rows for a day)\n");

    assertThat(clicks.files()).hasSize(1);
    assertThat(clicks.tidy(later.plus(DAY).plus(DAY)).describe()).doesNotContain("make one file");
  }

  private Upkeep upkeep(Rewriter rewriter, int percent, long bytes) {
    UpkeepLimits limits = new UpkeepLimits(Duration.ofHours(1), Duration.ZERO, percent, bytes);
    return new Upkeep(clicks.lake, rewriter, table -> Set.of(), limits, now::get, pace());
  }

  private Pace pace() {
    return new Pace() {
      @Override
      public void rest(Duration pause) {
        rests.add(pause);
      }

      @Override
      public Duration used() {
        return used;
      }
    };
  }

  private final class Notes implements Upkeep.Listener {
    @Override
    public void began(UpkeepPlan.Step step) {
      heard.add("began: " + step.describe());
    }

    @Override
    public void ended(UpkeepPlan.Step step) {
      heard.add("ended: " + step.describe());
    }

    @Override
    public void failed(UpkeepPlan.Step step, RuntimeException why) {
      heard.add("failed: " + why.getMessage());
    }
  }
}
