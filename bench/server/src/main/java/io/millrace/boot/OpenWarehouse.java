package io.millrace.boot;

import io.millrace.bench.FileLists;
import io.millrace.bench.ModelRows;
import io.millrace.bench.Questions.Answer;
import io.millrace.core.DataDirectory;
import io.millrace.core.Incidents;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Engine;
import io.millrace.engine.Limits;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.schedule.Request;
import io.millrace.schedule.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;

/** The parts of the server that build models and answer queries, wired as it wires them. */
final class OpenWarehouse implements AutoCloseable {

  /** So that a busy machine does not end what is measured. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Project project;
  private final Lake lake;
  private final Incidents incidents;
  private final WarehouseParts parts;
  private final Engine engine;

  OpenWarehouse(Path directory, DataDirectory data) {
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      project = ProjectReader.load(directory, sql);
    }
    lake = Lake.open(data);
    project.streams().values().forEach(lake::prepare);
    incidents = Incidents.open(data.metadata(), InstantSource.system());
    parts = WarehouseParts.open(project, data, lake, incidents);
    engine =
        new DuckDbEngine(
            lake,
            data,
            project.models(),
            parts.personal(),
            patient(Limits.of(project.settings())),
            data.temporary("server"));
  }

  private static Limits patient(Limits limits) {
    return new Limits(
        limits.memoryBytes(), PATIENCE, limits.threads(), limits.concurrent(), limits.patience());
  }

  /** Builds, and returns how many seconds it took. */
  double build(Request request) {
    long began = System.nanoTime();
    Run run = parts.scheduler().run(request).end().join();
    if (run.state() != Run.State.DONE) {
      throw new IllegalStateException("Cannot build: " + run);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  Answer ask(Query query) {
    Answer answer = new Answer();
    try (Rows rows = engine.query(query)) {
      while (rows.next()) {
        answer.add(rows.values());
      }
    }
    return answer;
  }

  /** The only value of the only row of a SELECT. */
  String text(String sql) {
    try (Rows rows = engine.query(Query.of(sql))) {
      rows.next();
      return String.valueOf(rows.value(0));
    }
  }

  /**
   * Writes which files the tables consist of that models do not make, or all; and beside it, in
   * {@code <file>.iceberg}, where their metadata is.
   */
  void list(Path file, boolean models) throws IOException {
    Map<String, List<String>> files = new TreeMap<>();
    Map<String, List<String>> metadata = new TreeMap<>();
    for (PinnedTable table : lake.pin(AsOf.now()).values()) {
      String name = table.name().toString();
      if (!table.files().isEmpty() && (models || !ModelRows.MODELS.contains(name))) {
        files.put(name, table.files());
        HasTableOperations loaded = (HasTableOperations) lake.load(table.name());
        metadata.put(name, List.of(loaded.operations().current().metadataFileLocation()));
      }
    }
    FileLists.write(file, files);
    FileLists.write(Path.of(file + ".iceberg"), metadata);
  }

  @Override
  public void close() {
    engine.close();
    parts.close();
    incidents.close();
    lake.close();
  }
}
