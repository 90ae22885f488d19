package io.millrace.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models over the streams of a {@link SmallShop}: their sales, by day, and by customer. */
final class SmallWarehouse {

  private static final String BY_DAY =
      "config: {materialized: incremental, incremental_strategy: microbatch, batch_size: day, ";

  private final Path project;
  private final StringBuilder properties = new StringBuilder("version: 2\nmodels:\n");

  private SmallWarehouse(Path project) {
    this.project = project;
  }

  static SmallWarehouse in(Path project) {
    return new SmallWarehouse(project);
  }

  /**
   * Adds a stream and its models.
   *
   * @param when they are built: {@code schedule: manual}
   */
  SmallWarehouse add(String stream, String when) throws IOException {
    SmallShop.stream(project, stream);
    model("silver/" + stream, bothOf(stream));
    model("gold/" + stream + "_daily", daily(stream));
    model("gold/" + stream + "_customers", customers(stream));
    properties.append(
        "  - name: silver.%s\n    %sevent_time: sold_at, %s}\n".formatted(stream, BY_DAY, when));
    properties.append(
        "  - name: %s_daily\n    %sevent_time: day, %s}\n    columns: [{name: day, tests: [unique, not_null]}]\n"
            .formatted(stream, BY_DAY, when));
    properties.append(
        "  - name: %s_customers\n    config: {materialized: materialized_view, %s}\n"
            .formatted(stream, when));
    Files.writeString(project.resolve("models/schema.yml"), properties);
    return this;
  }

  private void model(String name, String sql) throws IOException {
    Path file = project.resolve("models").resolve(name + ".sql");
    Files.createDirectories(file.getParent());
    Files.writeString(file, sql);
  }

  /** What the silver table of a stream has, as SQL over what came in. */
  static String bothOf(String stream) {
    return "SELECT id, \"at\" AS sold_at, customer, amount FROM bronze.%s UNION ALL SELECT id, \"at\", customer, amount FROM quarantine.%s_late"
        .formatted(stream, stream);
  }

  static String daily(String stream) {
    return "SELECT CAST(sold_at AT TIME ZONE 'UTC' AS DATE) AS day, count(*) AS sales, sum(amount) AS revenue FROM silver.%s GROUP BY day"
        .formatted(stream);
  }

  static String customers(String stream) {
    return "SELECT customer, count(*) AS sales, sum(amount) AS revenue, max(sold_at) AS last_seen FROM silver.%s GROUP BY customer"
        .formatted(stream);
  }

  /** Counts the rows that are in one of two tables alone. */
  static String difference(String a, String b) {
    return "SELECT count(*) FROM ((SELECT * FROM %s EXCEPT ALL SELECT * FROM %s) UNION ALL (SELECT * FROM %s EXCEPT ALL SELECT * FROM %s))"
        .formatted(a, b, b, a);
  }
}
