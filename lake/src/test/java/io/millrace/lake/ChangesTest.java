package io.millrace.lake;

import static io.millrace.lake.Sales.SALES;
import static io.millrace.lake.Sales.build;
import static io.millrace.lake.Sales.replacing;
import static io.millrace.lake.Sales.rewrite;
import static io.millrace.lake.Sales.sale;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.lake.TableBuild.Change;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {

  private static final Row MONDAY = sale("2026-03-02", 10);
  private static final Row TUESDAY = sale("2026-03-03", 20);
  private static final Row WEDNESDAY = sale("2026-03-04", 30);

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = Lake.open(new DataDirectory(folder));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void areNoneBetweenASnapshotAndItself() {
    long snapshot = build(lake, new Change.All(), MONDAY);

    assertThat(since(snapshot)).isEqualTo(new Changes.None());
  }

  @Test
  void areAllRowsSinceTheBeginning() {
    build(lake, new Change.All(), MONDAY, TUESDAY);

    assertThat(head().since(OptionalLong.empty()))
        .isEqualTo(new Changes.Appended(head().files(), 2));
  }

  @Test
  void areNoneWhereNothingWasEverWritten() {
    build(lake, new Change.All());

    assertThat(head().since(OptionalLong.empty())).isEqualTo(new Changes.None());
  }

  @Test
  void areTheNewRowsAloneThoughMaintenanceRewroteThem() {
    long before = build(lake, new Change.All(), MONDAY);
    build(lake, new Change.Add(), TUESDAY);
    rewrite(lake, SALES);
    build(lake, new Change.Add(), WEDNESDAY);
    rewrite(lake, SALES);

    Changes.Appended appended = (Changes.Appended) since(before);

    assertThat(appended.rows()).isEqualTo(2);
    assertThat(rows(appended.files()))
        .containsExactly("2026-03-03T12:00Z|20", "2026-03-04T12:00Z|30");
  }

  @Test
  void areNoneAfterMaintenanceAlone() {
    long before = build(lake, new Change.All(), MONDAY);
    rewrite(lake, SALES);

    assertThat(since(before)).isEqualTo(new Changes.None());
  }

  @Test
  void areWhatCameAndWhatWentWhenRowsWereReplaced() {
    long before = build(lake, new Change.All(), MONDAY, TUESDAY);
    rewrite(lake, SALES);
    build(lake, new Change.Add(), WEDNESDAY);
    build(lake, replacing("2026-03-03", "2026-03-04"), sale("2026-03-03", 21));

    Changes.Rewritten rewritten = (Changes.Rewritten) since(before);

    assertThat(rows(rewritten.added())).containsExactly("2026-03-03T12:00Z|21");
    assertThat(rows(rewritten.removed()))
        .as("what was added and replaced again is in neither")
        .containsExactly("2026-03-03T12:00Z|20");
  }

  @Test
  void areTheDifferenceWhereSnapshotsBetweenHaveExpired() {
    long before = build(lake, new Change.All(), MONDAY);
    long between = build(lake, new Change.Add(), TUESDAY);
    build(lake, new Change.Add(), WEDNESDAY);
    lake.load(SALES).expireSnapshots().expireSnapshotId(between).commit();

    Changes.Appended appended = (Changes.Appended) since(before);

    assertThat(appended.rows()).isEqualTo(2);
    assertThat(rows(appended.files()))
        .containsExactly("2026-03-03T12:00Z|20", "2026-03-04T12:00Z|30");
  }

  @Test
  void areTheDifferenceWhenTheTableWasRolledBack() {
    long before = build(lake, new Change.All(), MONDAY);
    long after = build(lake, new Change.Add(), TUESDAY);
    lake.rollBack(SALES, before);

    Changes.Rewritten rewritten = (Changes.Rewritten) since(after);

    assertThat(rewritten.added()).isEmpty();
    assertThat(rows(rewritten.removed())).containsExactly("2026-03-03T12:00Z|20");
  }

  @Test
  void areUnknownWhenTheSnapshotHasExpired() {
    long before = build(lake, new Change.All(), MONDAY);
    build(lake, new Change.Add(), TUESDAY);
    lake.load(SALES).expireSnapshots().expireSnapshotId(before).commit();

    assertThat(since(before))
        .isEqualTo(new Changes.Unknown("snapshot %d of gold.sales has expired".formatted(before)));
  }

  private PinnedTable head() {
    return lake.pin(new AsOf.Head()).get(SALES);
  }

  private Changes since(long snapshot) {
    return head().since(OptionalLong.of(snapshot));
  }

  private List<String> rows(List<String> files) {
    return Sales.rows(files, head().schema());
  }
}
