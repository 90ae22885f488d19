package io.millrace.engine;

import io.millrace.core.TableName;
import io.millrace.project.Model;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Opens a {@link Workbench} for each build. Safe for several threads. */
public final class Workshop implements AutoCloseable {

  private final SortedMap<TableName, Model> models;
  private final Limits limits;
  private final Path temporary;

  /**
   * @param models the project's; views among them are made on the benches that read them
   * @param limits of each bench, see {@link Limits#ofBuilds}; how many are open is up to the caller
   * @param temporary a folder for what a bench cannot hold in memory
   */
  public Workshop(SortedMap<TableName, Model> models, Limits limits, Path temporary) {
    this.models = new TreeMap<>(models);
    this.limits = limits;
    this.temporary = temporary;
  }

  /**
   * Opens a bench.
   *
   * @param inputs what can be read there
   * @param output the folder that data files may be written to
   */
  public Workbench open(SortedMap<TableName, Input> inputs, Optional<Path> output) {
    return new Workbench(models, limits, temporary, inputs, output);
  }

  /** Stops what still runs on its benches. */
  @Override
  public void close() {}
}
