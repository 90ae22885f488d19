package io.millrace.models;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.lake.Schemas;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.project.UnitTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Schema;

/** The columns of all tables and models of a project, found without any data. */
final class ModelSchemas {

  private final Project project;
  private final Workshop workshop;
  private final Map<TableName, Schema> known = new TreeMap<>();

  ModelSchemas(Project project, Workshop workshop) {
    this.project = project;
    this.workshop = workshop;
    for (StreamContract stream : project.streams().values()) {
      Schemas.tables(stream).forEach((table, columns) -> known.put(table, Schemas.schema(columns)));
    }
  }

  /**
   * The columns of a table or model.
   *
   * @throws io.millrace.core.MillraceException if the SQL of a model names columns there are not
   */
  synchronized Schema of(TableName name) {
    Schema schema = known.get(name);
    if (schema == null) {
      schema = columns(project.model(name));
      known.put(name, schema);
    }
    return schema;
  }

  private Schema columns(Model model) {
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    model.reads().forEach(read -> inputs.put(read, empty(of(read))));
    String select = model.select();
    if (model.materialization() instanceof Materialization.Seed seed) {
      inputs.put(
          model.name(),
          new Input.Csv(
              project.directory().resolve(model.file()), seed.delimiter(), seed.columnTypes()));
      select = "SELECT * FROM " + Quoted.name(model.name());
    }
    try (Workbench bench = workshop.open(inputs, Optional.empty())) {
      return bench.columns(select);
    }
  }

  static Input empty(Schema schema) {
    return new Input.Fixture(schema, new UnitTest.Rows.Listed(List.of()));
  }
}
