package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with releases, one command after the other, on a project that runs. */
class ReleasesIT {

  private static final int OK = 0;
  private static final int NO = 1;

  @TempDir Path directory;
  private DataDirectory data;
  private Path project;
  private Command up;

  @BeforeEach
  void start() throws IOException {
    project = SmallShop.in(directory.resolve("shop"), "settings: {commit_interval: 1s}\n");
    SmallWarehouse.in(project).add("sold", "schedule: manual");
    data = new DataDirectory(directory.resolve("data"));
    up = Command.start(data, "up", project.toString()).awaitReady();
  }

  @AfterEach
  void stop() {
    up.close();
  }

  private String run(int exitCode, String... words) throws IOException, InterruptedException {
    try (Command command = Command.client(data, words)) {
      assertThat(command.exitCode()).as(command.output()).isEqualTo(exitCode);
      return command.output();
    }
  }

  /** Loads sales, and waits until so many are in the lake. */
  private void load(int rows, String... sales) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("sales.ndjson"), String.join("\n", sales));
    run(OK, "load", "sold", file.toString(), "--project", project.toString());
    await("rows")
        .atMost(Command.PATIENCE)
        .until(() -> up.number("SELECT count(*) FROM bronze.sold") == rows);
  }

  private static String sale(String day, String customer, String amount) {
    return "{\"id\":\"%s\",\"at\":\"%sT10:00:00Z\",\"customer\":\"%s\",\"amount\":%s}"
        .formatted(UUID.randomUUID(), day, customer, amount);
  }

  private long pence() throws IOException, InterruptedException {
    return up.number("SELECT CAST(100 * sum(revenue) AS BIGINT) FROM gold.sold_daily");
  }

  @Test
  void peopleGoBackCompareTidyUpAndGoOn() throws Exception {
    load(2, sale("2026-01-01", "anne", "1.25"), sale("2026-01-01", "bert", "2.25"));
    assertThat(run(OK, "run")).contains("gold.sold_daily 2026-01-01: 1 rows", "run 1: done");
    load(4, sale("2026-01-01", "anne", "10.25"), sale("2026-01-02", "carl", "20.25"));
    run(OK, "upkeep");
    run(OK, "run");
    assertThat(pence()).isEqualTo(34_00);

    assertThat(run(NO, "diff", "1", "2", "--table", "gold.sold_daily"))
        .isEqualTo(
            """
            gold.sold_daily: 1 added, 0 removed, 1 changed
              sum of sales: 2, then 4
              sum of revenue: 3.50, then 34.00
              added: {day=2026-01-02, sales=1, revenue=20.25}
              changed: {day=2026-01-01, changed=sales: 2 -> 3, revenue: 3.50 -> 13.75}
            The same in both: 0 tables
            """);

    assertThat(run(OK, "rollback"))
        .contains("Readers see release 3 now, which is release 1 again (tables that changed: 3)");
    assertThat(pence()).isEqualTo(3_50);
    assertThat(run(OK, "diff", "1", "now")).isEqualTo("The same in both: 3 tables\n");
    run(OK, "upkeep");
    assertThat(pence()).isEqualTo(3_50);
    assertThat(run(NO, "diff", "2", "3", "--table", "gold.sold_customers"))
        .startsWith("gold.sold_customers: 1 added, 2 removed, 0 changed\n")
        .contains("  removed: {customer=carl, sales=1, revenue=20.25");

    assertThat(run(OK, "run")).contains(": done");
    assertThat(pence()).isEqualTo(34_00);
    assertThat(run(OK, "diff", "2", "now")).isEqualTo("The same in both: 3 tables\n");
    run(OK, "upkeep");
    assertThat(run(OK, "diff", "2", "now")).isEqualTo("The same in both: 3 tables\n");
    assertThat(run(OK, "prove", "--full")).contains("The balance holds");
  }
}
