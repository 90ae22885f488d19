package io.millrace.boot.faults;

import io.millrace.boot.faults.Journal.Line;
import io.millrace.boot.faults.Journal.Word;
import io.millrace.core.MillraceException;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.prove.IdReader;
import io.millrace.prove.Promise;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whether a project has recovered: an event of each stream that was first sent after a moment, and
 * acknowledged, is in its table.
 */
final class Recovery {

  private final Project project;
  private final Lake lake;
  private final Path journal;
  private final Instant since;
  private final Map<Long, Line> sent = new HashMap<>();
  private final Map<String, Set<String>> acknowledged = new HashMap<>();
  private final Set<String> waiting;
  private long position;

  /** From now on. */
  Recovery(Project project, Lake lake, Path journal, long position, Instant since) {
    this.project = project;
    this.lake = lake;
    this.journal = journal;
    this.position = position;
    this.since = since;
    this.waiting = new HashSet<>(project.streams().keySet());
  }

  /** The streams of which no event has arrived yet. */
  Set<String> waiting() {
    return Set.copyOf(waiting);
  }

  boolean isOver() {
    position = Journal.read(journal, position, this::note);
    waiting.removeIf(stream -> hasArrived(project.contract(stream)));
    return waiting.isEmpty();
  }

  private void note(Line line) {
    if (line.word() == Word.SENT) {
      sent.put(line.batch(), line);
    } else if (line.word() == Word.ACKNOWLEDGED && sent.containsKey(line.batch())) {
      Line batch = sent.remove(line.batch());
      Set<String> ids = acknowledged.computeIfAbsent(batch.stream(), it -> new HashSet<>());
      batch.events().stream()
          .filter(it -> it.promise() == Promise.KEPT)
          .forEach(it -> ids.add(it.id()));
    }
  }

  private boolean hasArrived(StreamContract contract) {
    Set<String> ids = acknowledged.getOrDefault(contract.name(), Set.of());
    if (ids.isEmpty()) {
      return false;
    }
    boolean[] arrived = {false};
    try {
      new IdReader(lake, contract, UnaryOperator.identity())
          .since(since, (id, found) -> arrived[0] |= ids.contains(id));
    } catch (MillraceException e) {
      // A file that was replaced while it was read, or a disk that is not well yet.
      return false;
    }
    return arrived[0];
  }
}
