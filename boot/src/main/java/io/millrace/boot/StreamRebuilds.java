package io.millrace.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.StreamWork;
import io.millrace.core.DataDirectory;
import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.serve.Rebuilds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Rebuilds streams in processes of their own, one at a time of each stream. */
final class StreamRebuilds implements Rebuilds {

  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  StreamRebuilds(Project project, DataDirectory data, Lake lake) {
    this.project = project;
    this.data = data;
    this.lake = lake;
  }

  /** Takes away what those have left that died with an earlier server. */
  void settle() {
    project.streams().values().forEach(this::settle);
  }

  private void settle(StreamContract contract) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      lake.dropCorrections(contract, ledger);
    }
  }

  @Override
  public void rebuild(
      String stream,
      Interval appended,
      Optional<Source> only,
      Mode mode,
      Consumer<ObjectNode> lines) {
    requireNobodyIsBeingErased();
    if (!running.add(stream)) {
      throw MillraceException.world(
          "Cannot replay '%s': a replay of it is running; try again when it has ended"
              .formatted(stream));
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                mode.name().toLowerCase(Locale.ROOT),
                only.map(it -> it.name().toLowerCase(Locale.ROOT)).orElse("any"),
                appended.start().toString()));
    if (!appended.end().equals(Instant.MAX)) {
      arguments.add(appended.end().toString());
    }
    try (StreamWork replay =
        StreamWork.start(StreamWork.Kind.REPLAY, project, data, stream, arguments)) {
      replay.follow(lines);
    } finally {
      try {
        settle(project.contract(stream));
      } finally {
        running.remove(stream);
      }
    }
  }

  /** Until an erasure is done, topics still have the records of the people. */
  private void requireNobodyIsBeingErased() {
    try (Erasures erasures = Erasures.open(data.metadata(), InstantSource.system())) {
      if (erasures.all().stream().anyMatch(erasure -> erasure.done().isEmpty())) {
        throw MillraceException.world(
            "Cannot replay from a time while people are being erased: run millrace erase to its end first");
      }
    }
  }
}
