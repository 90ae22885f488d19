package io.millrace.lake;

import static io.millrace.lake.Sales.SALES;
import static io.millrace.lake.Sales.sale;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.lake.TableBuild.Change;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepOfModelsTest {

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
  void aBuildUnderWayIsPublishedOnTopOfRewrittenFiles() {
    addNineSales();
    TableBuild build = Sales.begin(lake);
    build.stage(new Change.Add(), Sales.write(build.table(), sale("2026-03-01", 100)), Map.of());

    assertThat(upkeep(Instant.now()).run().describe()).contains("gold.sales: make one file of 9");

    assertThat(lake.load(SALES).refs()).containsKey(Sales.BRANCH);
    assertThat(build.publish()).isPresent();
    assertThat(lake.pin(new AsOf.Head()).get(SALES).rows()).isEqualTo(10);
    assertThat(lake.pin(new AsOf.Head()).get(SALES).files()).hasSize(2);
  }

  @Test
  void filesAreLeftAloneWhileABuildChangesTheColumns() {
    addNineSales();
    Schema without = Schemas.schema(List.of(Field.optional("sold_at", Scalar.TIMESTAMP)));
    TableBuild build = lake.build(SALES, without, Sales.BY_DAY, Sales.BRANCH);

    assertThat(upkeep(Instant.now()).plan().describe())
        .as("a rewrite by the new columns would lose the amounts")
        .isEqualTo("nothing to do\n");
    build.discard();
    assertThat(upkeep(Instant.now()).plan().steps()).isEmpty();
    Sales.build(lake, new Change.Add(), sale("2026-03-01", 100));
    assertThat(upkeep(Instant.now()).plan().describe()).contains("make one file of 10");
  }

  @Test
  void whatAKilledBuildLeftGoesADayLater() {
    TableBuild killed = Sales.begin(lake);
    List<DataFile> left = Sales.write(killed.table(), sale("2026-03-01", 1));
    Path orphan = Path.of(left.get(0).location());
    Instant tomorrow = Instant.now().plus(Duration.ofHours(30));

    assertThat(upkeep(tomorrow).plan().describe())
        .as("nothing has been published since it was written")
        .isEqualTo("nothing to do\n");
    old(orphan, Instant.now().minus(Duration.ofHours(2)));
    Sales.build(lake, new Change.Add(), sale("2026-03-01", 2));
    assertThat(upkeep(tomorrow).run().describe())
        .isEqualTo("gold.sales: delete 1 files, 0 KB (no snapshot has them)\n");

    assertThat(orphan).doesNotExist();
    assertThat(lake.pin(new AsOf.Head()).get(SALES).rows()).isEqualTo(1);
  }

  private void addNineSales() {
    for (int i = 0; i < 9; i++) {
      Sales.build(lake, new Change.Add(), sale("2026-03-01", i));
    }
  }

  private Upkeep upkeep(Instant now) {
    UpkeepLimits limits = new UpkeepLimits(Duration.ofHours(1), Duration.ZERO, 100, 1L << 30);
    return new Upkeep(lake, new PlainRewriter(), it -> Set.of(), limits, () -> now, it -> {});
  }

  private static void old(Path file, Instant at) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(at));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
