package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.DbtProperties.WrittenTest;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What templates have made of the files of a project: what stands in the place of their texts. */
final class RenderedFiles {

  private final Map<String, String> sql = new HashMap<>();
  private final Map<TableName, Materialization> again = new HashMap<>();
  private final Map<Path, Yaml> documents = new HashMap<>();
  private List<WrittenTest> tests = List.of();

  /** Keeps the SQL of a model, by its table, or of a test, by its name. */
  void putSql(String name, String text) {
    sql.put(name, text);
  }

  Optional<String> sql(String name) {
    return Optional.ofNullable(sql.get(name));
  }

  void putAgain(TableName table, Materialization.Again how) {
    again.put(table, how);
  }

  /** How a table is built when it is there, if that is by a SELECT of its own. */
  Optional<Materialization> again(TableName table) {
    return Optional.ofNullable(again.get(table));
  }

  void putDocument(Path file, Yaml document) {
    documents.put(file, document);
  }

  Optional<Yaml> document(Path file) {
    return Optional.ofNullable(documents.get(file));
  }

  void putTests(List<WrittenTest> written) {
    tests = List.copyOf(written);
  }

  /** Tests that macros make. */
  List<WrittenTest> tests() {
    return tests;
  }
}
