package io.millrace.engine;

import io.millrace.core.Daemons;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Opens a {@link Workbench} for each build. Safe for several threads. */
public final class Workshop implements AutoCloseable {

  private final List<Model> models;
  private final PersonalColumns personal;
  private final Consumer<List<String>> fetch;
  private final Limits limits;
  private final Path temporary;
  private final DuckDbSqlReader reader = new DuckDbSqlReader();
  private final ScheduledExecutorService timer = Daemons.timer("build-timer");
  private final Set<DuckDbSession> open = ConcurrentHashMap.newKeySet();

  /** For builds over rows that people have written, none of which is personal. */
  public Workshop(SortedMap<TableName, Model> models, Limits limits, Path temporary) {
    this(models, PersonalColumns.UNKNOWN, paths -> {}, limits, temporary);
  }

  /**
   * @param models the project's; views among them are made on the benches that read them
   * @param personal of the project; an error over tables with such columns says no value
   * @param fetch sees to it that files of inputs can be read, see {@link Lake#fetch}
   * @param limits of each bench, see {@link Limits#ofBuilds}; how many are open is up to the caller
   * @param temporary a folder for what a bench cannot hold in memory
   */
  public Workshop(
      SortedMap<TableName, Model> models,
      PersonalColumns personal,
      Consumer<List<String>> fetch,
      Limits limits,
      Path temporary) {
    this.personal = personal;
    this.fetch = fetch;
    this.models = List.copyOf(models.values());
    this.limits = limits;
    this.temporary = temporary;
  }

  /**
   * Opens a bench.
   *
   * @param inputs what can be read there
   * @param output the folder that data files may be written to; need not be there yet
   * @throws MillraceException if an input cannot be read
   */
  public Workbench open(SortedMap<TableName, Input> inputs, Optional<Path> output) {
    DuckDbSession session = DuckDbSession.open(Task.BUILD, limits, temporary, timer);
    open.add(session);
    Workbench bench =
        new Workbench(session, models, personal, reader, fetch, () -> open.remove(session));
    try {
      bench.start(inputs, output);
      return bench;
    } catch (RuntimeException e) {
      bench.close();
      throw e;
    }
  }

  /** Stops what still runs on its benches. */
  @Override
  public void close() {
    open.forEach(DuckDbSession::stop);
    timer.shutdownNow();
    reader.close();
  }
}
