package io.millrace.project;

import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Shape;
import java.util.Map;

/** The page of what is said of models, made of the definitions that read it. */
final class ModelsPage {

  static final String PROPERTIES =
      """
      version: 2
      models:
        - name: sales
          config:
            event_time: sold_at
        - name: daily_sales
          description: What was sold each day in each country
          config:
            materialized: incremental
            incremental_strategy: microbatch
            event_time: day
            batch_size: day
            begin: 2025-01-01
            inputs:
              silver.countries: lookup
            schedule: on_change
            every: 5m
            tags: [finance]
          data_tests:
            - unique: {columns: [day, country]}
            - freshness: {max_age: 2d, severity: warn}
          columns:
            - name: day
              description: In UTC
              data_tests: [not_null]
            - name: country
              data_tests:
                - relationships: {to: ref('countries'), field: code}
            - name: revenue
              data_tests:
                - not_null:
                    config: {where: "day >= DATE '2025-01-01'"}
      seeds:
        - name: countries
          config:
            column_types: {code: VARCHAR}
      unit_tests:
        - name: sales of a day add up
          model: daily_sales
          given:
            - input: ref('sales')
              rows:
                - {sold_at: "2025-01-01T09:00:00Z", country: GB, amount: 1.10}
                - {sold_at: "2025-01-01T23:59:59Z", country: GB, amount: 2.20}
          expect:
            rows:
              - {day: 2025-01-01, country: GB, revenue: 3.30}
      """;

  static final String SINGULAR_TEST =
      """
      -- More came back than was sold on no day.
      -- test of: gold.daily_sales
      -- severity: warn
      SELECT day, revenue FROM gold.daily_sales WHERE revenue < 0
      """;

  static final String BALANCE =
      """
      description: Every amount that was sold is in the sales of a day
      unit: GBP
      in:
        sql: SELECT coalesce(sum(amount), 0) FROM bronze.orders
      out:
        - name: sold
          sql: SELECT coalesce(sum(revenue), 0) FROM gold.daily_sales
      """;

  static final String CALENDAR =
      """
      description: Days of the shop
      days: {from: 2025-01-01, to: 2030-12-31}
      fiscal_year: {begins: 04-01}
      holidays:
        - {name: New Year's Day, on: 01-01}
        - {name: Easter Monday, on: easter+1}
      on_weekends: next_workday
      unknown: not yet
      """;

  private static final Shape OF_ALL =
      new Shape(DataTestShape.NAME, DataTestShape.SEVERITY, DataTestShape.WHERE);

  private ModelsPage() {}

  static String text() {
    return models() + tests() + unitTests() + calendars() + seedsAndBalances() + selection();
  }

  private static String models() {
    return """
        # Models

        A model is one SELECT, the file `models/<layer>/<name>.sql`; the layers are `silver` and `gold`. It reads tables by
        their names, `bronze.orders` or `silver.sales`. What else is to be said of it stands in properties files in dbt's
        format, by custom `schema.yml`: any `*.yml` or `*.yaml` under `models/` or `seeds/`. A model of which nothing is said
        is a view.

            # yaml-language-server: $schema=../schemas/properties.schema.json
        %s
        The first line is for editors that know the YAML language server: with the path from the file to the
        [schema](../../schemas/properties.schema.json) they complete keys and check values. `millrace check` finds more: it
        also compares what the keys say with each other and with the SQL. Keys of dbt that would change what is built and
        are not supported are refused with a sentence; those that only describe are left alone.

        ## The file

        %s
        ## Under models

        %s
        ## Under config

        %s
        A `view` is not kept: its SQL is run by those who read it. A `table` is built whole, each time. A
        `materialized_view` is kept equal to its query by building again only the keys whose inputs have changed. `snapshot`,
        `scd1` and `scd3` keep the [history](../guide/history.md) of keys: all versions, the newest values, or those and the
        values before.

        Strategies of `incremental`: `append` adds what is made of new rows; `merge` lets it replace rows of the same
        `unique_key`; `delete+insert` lets it replace all rows of a key; `microbatch` builds each interval by itself, again
        whenever rows of the interval have changed.

        | Input mode | The model sees | A change of the input |
        |---|---|---|
        | `interval` | the rows of the interval that is built | re-opens the intervals of the changed rows |
        | `new_rows` | the rows added since the last build | asks for a build |
        | `whole` | all rows | re-opens everything |
        | `as_of` | all rows of a `snapshot` | re-opens the intervals in which another version of a key is valid |
        | `lookup` | all rows | asks for nothing |

        Without `inputs`, `microbatch` reads a `snapshot` as of its times, by interval what has an `event_time`, and the rest
        whole; `append`, `merge` and `delete+insert` read the new rows of their only input, and with several inputs must say
        which are `new_rows`; all others read whole.

        """
        .formatted(
            PROPERTIES.indent(4),
            ReferencePages.table(PropertiesShape.PROPERTIES),
            ReferencePages.table(PropertiesShape.MODEL),
            ReferencePages.table(ConfigShape.MODEL));
  }

  private static String tests() {
    StringBuilder page =
        new StringBuilder(
            """
            ## Under columns

            %s
            ## Tests

            A test holds a build back when it fails: what was built is kept on a branch to be looked at, and readers go on
            seeing what was there before. A test is written as its name, or as a mapping of its name to its arguments, which
            may also stand under `arguments` and `config`. Each test may have:

            %s
            Of a column, under its `data_tests`: `unique` and `not_null`, which need no more, and
            """
                .formatted(
                    ReferencePages.table(PropertiesShape.COLUMN), ReferencePages.table(OF_ALL)));
    add(DataTestShape.OF_COLUMN, page);
    page.append("\nOf a model as a whole, under its `data_tests`:\n");
    add(DataTestShape.OF_MODEL, page);
    page.append(
        """

        What these cannot say is a file of its own, `tests/<name>.sql`: a SELECT of the rows that are wrong.

        %s
        A line `-- test of:` names the model whose build it holds back; a test that reads one model only need not say. Without
        a line `-- severity: warn` a failure is an error.

        """
            .formatted(SINGULAR_TEST.indent(4)));
    return page.toString();
  }

  private static void add(Map<String, Shape> kinds, StringBuilder page) {
    kinds.forEach(
        (kind, shape) -> {
          Shape own =
              new Shape(
                  shape.keys().stream()
                      .filter(key -> !OF_ALL.keys().contains(key))
                      .toArray(Key<?>[]::new));
          if (!own.keys().isEmpty()) {
            page.append("\n`").append(kind).append("`:\n\n").append(ReferencePages.table(own));
          }
        });
  }

  private static String unitTests() {
    return """
        ## Under unit_tests

        Rows in, rows out: the model is run over the given rows and nothing else. Values keep the text they are written with;
        columns that are not named are null, and are not compared in what is expected.

        %s
        An item of `given`:

        %s
        Under `expect`:

        %s
        Of CSV, nothing between two commas is null and `""` is an empty text.

        """
        .formatted(
            ReferencePages.table(PropertiesShape.UNIT_TEST),
            ReferencePages.table(PropertiesShape.GIVEN),
            ReferencePages.table(PropertiesShape.EXPECT));
  }

  private static String calendars() {
    return """
        ## Calendars

        A calendar is a table of days or of times of day, the file `calendars/<name>.yaml`
        ([schema](../../schemas/calendar.schema.json)); its layer is `gold`. What is tested of its columns stands in a
        properties file under `models`. [Facts and dimensions](../guide/dimensional.md#calendars) says what it is for.

        %s
        %s
        Under `days`:

        %s
        Under `fiscal_year`:

        %s
        In each item of `holidays`:

        %s
        Under `times`:

        %s
        In each item of `parts`:

        %s
        """
        .formatted(
            CALENDAR.indent(4),
            ReferencePages.table(CalendarReader.CALENDAR),
            ReferencePages.table(CalendarReader.DAYS_SHAPE),
            ReferencePages.table(CalendarReader.FISCAL_YEAR),
            ReferencePages.table(CalendarReader.HOLIDAY),
            ReferencePages.table(CalendarReader.TIMES_SHAPE),
            ReferencePages.table(CalendarReader.PART));
  }

  private static String seedsAndBalances() {
    return """
        ## Under seeds

        A seed is a small table that is kept with the project, as the file `seeds/<name>.csv` (its layer is `silver`) or
        `seeds/<layer>/<name>.csv`, of at most 64 MiB.

        %s
        Under `config` of a seed:

        %s
        ## Balances

        What goes into a part of the warehouse is what comes out of it, to the last unit. A balance is the file
        `balances/<name>.yaml` ([schema](../../schemas/balance.schema.json)):

        %s
        %s
        In each item of `out`, and under `in`, where the name may be left out:

        %s
        """
        .formatted(
            ReferencePages.table(PropertiesShape.SEED),
            ReferencePages.table(ConfigShape.SEED),
            BALANCE.indent(4),
            ReferencePages.table(BalanceReader.BALANCE),
            ReferencePages.table(BalanceReader.OUT_PART));
  }

  private static String selection() {
    return """
        ## Selecting models

        Commands take dbt's selection syntax.

        | Written | Selects |
        |---|---|
        | `daily_sales`, `gold.daily_sales`, `daily_sales.sql` | the model |
        | `gold`, `gold.*`, `*_sales`, `model_?` | all models of a layer, or whose name matches |
        | `daily_sales+`, `daily_sales+1` | the model and those after it, or so many steps after it |
        | `+daily_sales`, `2+daily_sales` | the model and those before it |
        | `@sales` | the model, those after it, and all that these are made of |
        | `bronze.orders+`, `source:orders+` | what is made of a stream |
        | `tag:finance` | models with the tag |
        | `path:models/gold` | models whose files are there |
        | `config.materialized:incremental` | models that are built so |
        | `resource_type:seed` | seeds; `resource_type:model` the others |
        | `a b` | what either selects |
        | `a,b` | what both select |
        """;
  }
}
