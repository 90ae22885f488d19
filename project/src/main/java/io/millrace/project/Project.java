package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A project directory, read and found free of mistakes. */
public record Project(
    String name,
    Path directory,
    Settings settings,
    SortedMap<String, StreamContract> streams,
    SortedMap<TableName, Model> models) {

  public Project {
    streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
  }

  /** The contract of a stream that must exist. */
  public StreamContract contract(String stream) {
    StreamContract contract = streams.get(stream);
    if (contract == null) {
      throw MillraceException.caller(
          "Cannot find stream '%s': %s"
              .formatted(stream, NearMatch.remedy(streams.keySet(), stream)));
    }
    return contract;
  }

  /** The models so that each comes after those it reads; by name where that leaves a choice. */
  public List<Model> modelsInOrder() {
    Set<Model> ordered = new LinkedHashSet<>();
    models.values().forEach(model -> add(model, ordered));
    return List.copyOf(ordered);
  }

  // Ends because a project whose models read each other in a circle is never made.
  private void add(Model model, Set<Model> ordered) {
    if (ordered.contains(model)) {
      return;
    }
    for (TableName read : model.reads()) {
      Optional.ofNullable(models.get(read)).ifPresent(before -> add(before, ordered));
    }
    ordered.add(model);
  }
}
