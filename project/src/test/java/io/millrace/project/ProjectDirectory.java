package io.millrace.project;

import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A project directory that a test writes. */
record ProjectDirectory(Path root) {

  /** A contract with one of each kind of key, free of mistakes. */
  static final String CLICKS =
      """
      description: What visitors do in the shop
      owner: web-team
      key: user_id
      event_id: event_id
      event_time: event_time
      lateness: 10m
      partition: day(event_time)
      evolution: backward
      fields:
        event_id: {type: uuid, required: true}
        event_type: {type: string, required: true, one_of: [page_view, search]}
        event_time: {type: timestamp, required: true}
        user_id: string
        item: {type: struct, fields: {price: "decimal(12,2)", quantity: {type: int, min: 1}}}
        tags: {type: list, element: string}
      """;

  /** A project with that contract alone. */
  static ProjectDirectory ofClicks(Path root) {
    return new ProjectDirectory(root).with("millrace.yaml", "").with("streams/clicks.yaml", CLICKS);
  }

  /** The contract with the first such text replaced by another. */
  static String clicks(String right, String wrong) {
    int start = CLICKS.indexOf(right);
    return CLICKS.substring(0, start) + wrong + CLICKS.substring(start + right.length());
  }

  ProjectDirectory with(String file, String text) {
    return with(file, text.getBytes(StandardCharsets.UTF_8));
  }

  ProjectDirectory with(String file, byte[] bytes) {
    try {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Project loadWithSql() {
    return ProjectReader.load(root, ProjectDirectory::sql);
  }

  List<String> problemsWithSql() {
    return problems(ProjectDirectory::sql);
  }

  Project load() {
    return ProjectReader.load(root);
  }

  List<String> problems() {
    return texts(ProjectReader.read(root));
  }

  List<String> problems(SqlReader sql) {
    return texts(ProjectReader.read(root, sql));
  }

  /** Enough of a reader for these tests: what follows FROM and JOIN is a table. */
  static Sql sql(String text) {
    List<String> lines = text.lines().toList();
    List<Reference> references = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("DROP")) {
        return new Sql.Refused(i + 1, "this is no SELECT", "write one SELECT");
      }
      Matcher matcher = Pattern.compile("(?:FROM|JOIN) ([A-Za-z_.]+)").matcher(lines.get(i));
      while (matcher.find()) {
        references.add(new Reference(matcher.group(1), i + 1));
      }
    }
    return new Sql.Select(references);
  }

  private static List<String> texts(Reading reading) {
    return reading instanceof Reading.Flawed flawed
        ? flawed.problems().stream().map(Problem::toString).toList()
        : List.of();
  }
}
