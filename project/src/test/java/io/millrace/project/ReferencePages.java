package io.millrace.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What people and editors are told of the YAML files, made of the definitions that read them. */
final class ReferencePages {

  private ReferencePages() {}

  static String contractSchema() {
    Map<String, Object> schema = schema("Millrace stream contract", ContractShape.CONTRACT);
    schema.put("$defs", FieldShape.definitions());
    return json(schema);
  }

  static String mainSchema() {
    return json(schema("Millrace project", SettingsShape.PROJECT));
  }

  static String propertiesSchema() {
    Map<String, Object> schema = schema("Millrace properties", PropertiesShape.PROPERTIES);
    schema.put("$defs", PropertiesShape.definitions());
    return json(schema);
  }

  static String balanceSchema() {
    return json(schema("Millrace balance", BalanceReader.BALANCE));
  }

  static String calendarSchema() {
    return json(schema("Millrace calendar", CalendarReader.CALENDAR));
  }

  static String practiceSchema() {
    return json(schema("Millrace practice", QuestionReader.PRACTICE));
  }

  static String reportSchema() {
    return json(schema("Millrace report", ReportReader.REPORT));
  }

  /** The keys of a file under {@code reports/}. */
  static String reports() {
    return """
        # Report files

        What people look at regularly: files `reports/<name>.yaml`. The [guide](../guide/reports.md) says where they are seen.

            # yaml-language-server: $schema=../../schemas/report.schema.json
        %s
        ## The file

        %s
        ## A tile

        %s
        All tiles of a report read one release. A tile is a SELECT with at most 1,000 rows; its CSV has all of them.

        | chart | rows |
        |---|---|
        | `number` | one; each value is shown large, with its column's name |
        | `line` | the first column is the horizontal axis, a date or a time; each other one is a number and a line |
        | `bar` | the first column is what bars stand for; each other one is a number and a bar |
        | `table` | any |
        """
        .formatted(
            ReportsTest.REPORT.indent(4), table(ReportReader.REPORT), table(ReportReader.TILE));
  }

  /** The keys of a file under {@code practice/}. */
  static String practice() {
    return """
        # Practice files

        What is asked of those who work with a project's data, and what answers it: files `practice/<name>.yaml`, each with
        the questions of one category. The console offers the tasks, as [Practice](../guide/practice.md) tells.

            # yaml-language-server: $schema=../../schemas/practice.schema.json
        %s
        ## The file

        %s
        ## A question

        It has a `feature`, with a command that shows it and a test that holds it, or says that it is `not_yet` answered, or
        is a `task`.

        %s
        ## A task

        %s
        The tables that the solution reads are the data set. An answer is right if it has the solution's rows, each as often,
        and the values of the columns of `order_by` follow each other as they do there: rows that tie come in any order. NULL is
        like NULL alone. Names of columns do not matter, nor whether a number is 1 or 1.00, or a time a day or its midnight.

        ## A wrong answer

        %s"""
        .formatted(
            QuestionsTest.PRACTICE.indent(4),
            table(QuestionReader.PRACTICE),
            table(QuestionReader.QUESTION),
            table(QuestionReader.TASK),
            table(QuestionReader.WRONG_ANSWER));
  }

  private static Map<String, Object> schema(String title, Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.putAll(shape.schema());
    return schema;
  }

  private static String json(Map<String, Object> schema) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String settings() {
    return """
        # Settings

        What `millrace.yaml` says of a project. The file may be empty: every key has a default that suits a laptop.

            # yaml-language-server: $schema=../schemas/millrace.schema.json
            name: shop
            settings:
              commit_interval: 10s
              query_memory: 2GB

        The first line is for editors that know the YAML language server: with the path from the file to the
        [schema](../../schemas/millrace.schema.json) they complete keys and check values. Lengths of time have the units
        `ms`, `s`, `m`, `h` and `d`; sizes have `B`, `KB`, `MB`, `GB` and `TB`, where a kilobyte is 1,024 bytes.

        ## The file

        %s
        ## Under settings

        %s
        ## What an acknowledged event survives

        The collector answers once Kafka has acknowledged an event (`acks=all`, idempotent). What that is worth is up to
        the settings; `millrace check` prints the line of a project, and asks an external Kafka for its own.

        %s
        The stream reads what is committed (`read_committed`), keeps its place in checkpoints beside the ledger, and writes
        no Kafka transactions. Files of tables and the metadata database survive a process; after a power loss `millrace
        prove --full` says whether all of them reached the disk.
        """
        .formatted(table(SettingsShape.PROJECT), table(SettingsShape.SETTINGS), durability());
  }

  private static String durability() {
    StringBuilder table =
        new StringBuilder(
            "| Setting | Process death | Power loss | Disk loss |\n|---|---|---|---|\n");
    for (Durability.Promise promise : Durability.promises()) {
      table.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  "`" + promise.setting() + "`",
                  promise.processDeath(),
                  promise.powerLoss(),
                  promise.diskLoss()));
    }
    return table.toString();
  }

  static String contract() {
    return contractItself() + fields() + "\n" + eventIdsAndCsv() + "\n" + names();
  }

  private static String contractItself() {
    return """
        # Contracts

        A stream is declared by its contract, the file `streams/<stream>.yaml`: what its events look like and how they are
        treated. The stream's name is the file's.

            # yaml-language-server: $schema=../../schemas/stream.schema.json
        %s
        The first line is for editors that know the YAML language server: with the path from the file to the
        [schema](../../schemas/stream.schema.json) they complete keys and check values. `millrace check` finds more: it
        also compares what the keys say with each other.

        ## The contract

        %s
        """
        .formatted(ProjectDirectory.CLICKS.indent(4), table(ContractShape.CONTRACT));
  }

  private static String fields() {
    return """
        ## A field

        A field is written short, as its type, or long, as a mapping:

        %s
        | Type | Values |
        |---|---|
        | `string` | text, at most `max_length` UTF-8 bytes |
        | `boolean` | `true` and `false` |
        | `int` | whole numbers of 32 bits |
        | `long` | whole numbers of 64 bits |
        | `double` | floating-point numbers of 64 bits |
        | `decimal(12,2)` | exact numbers, here of 12 digits, 2 of them after the point; at most %d digits |
        | `date` | a day: `2026-01-31` |
        | `timestamp` | an instant in microseconds: `2026-01-31T09:30:00.000001Z` |
        | `uuid` | 128 bits: `0189f7e4-5c1d-7c3a-9d3e-6f1b2a3c4d5e` |
        | `struct` | named fields, under `fields` |
        | `list` | any number of values of one type, under `element` |

        Inside braces a decimal needs quotes, because YAML would end the value at the comma: `{type: "decimal(12,2)"}`.

        An element is written short, as its type, or long:

        %s"""
        .formatted(
            table(FieldShape.LONG), Type.Decimal.MAX_PRECISION, table(FieldShape.LONG_ELEMENT));
  }

  private static String eventIdsAndCsv() {
    return """
        ## An event id that the source does not have

        Without a field that makes an event itself, `event_id` says which fields do so together; a 128-bit hash of them is
        kept in the column `event_id`.

            event_id:
              derived_from: [invoice_no, stock_code, invoice_time]

        %s
        ## CSV

        How `millrace load` makes events of CSV files.

            csv:
              columns: {InvoiceNo: invoice_no, StockCode: stock_code, InvoiceDate: invoice_time}
              timestamp_pattern: yyyy-MM-dd HH:mm:ss
              zone: Europe/London

        %s"""
        .formatted(table(ContractShape.DERIVED), table(ContractShape.CSV));
  }

  private static String names() {
    return """
        ## Names

        Names of streams and fields are lower-case letters, digits and `_`, and start with a letter. These names are taken
        by columns that Millrace adds, so no field of the event itself can have them: %s; and `event_id` where it is
        derived.
        """
        .formatted(
            ContractReader.RESERVED.stream()
                .sorted()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ")));
  }

  static String table(Shape shape) {
    return shape.keys().stream()
        .map(ReferencePages::row)
        .collect(
            Collectors.joining(
                "", "| Key | Value | Default | What it is |\n|---|---|---|---|\n", ""));
  }

  private static String row(Key<?> key) {
    String fallback =
        key.presence() == Key.Presence.REQUIRED
            ? "required"
            : key.written().map(text -> "`" + text + "`").orElse("");
    return "| `%s` | %s | %s | %s |\n"
        .formatted(key.name(), key.form().words(), fallback, key.doc());
  }
}
