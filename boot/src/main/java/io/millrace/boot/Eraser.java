package io.millrace.boot;

import io.millrace.core.DataDirectory;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.event.People;
import io.millrace.event.PersonalKey;
import io.millrace.event.Pseudonyms;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LoadedFile;
import io.millrace.lake.RowEraser;
import io.millrace.project.Field;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.serve.Erasing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Erases people. Each step finds what the one before it has done, so that whoever is cut off begins
 * again and goes on:
 *
 * <ol>
 *   <li>Note whom, and where the topics end: from there on they have other pseudonyms.
 *   <li>Wait until the stream goes by that, and has committed what came before.
 *   <li>Write again the files of its tables that have their rows, without them, and fill live
 *       values from these.
 *   <li>Have the models built that read these, until no table shows them.
 *   <li>Make history go in which they can be read: snapshots, releases, records of topics.
 * </ol>
 */
final class Eraser implements Erasing {

  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private final StreamPosition stream;
  private final Marts marts;
  private final LiveEraser live;
  private final InstantSource clock;

  Eraser(
      Project project,
      DataDirectory data,
      Lake lake,
      StreamPosition stream,
      Marts marts,
      LiveEraser live,
      InstantSource clock) {
    this.project = project;
    this.data = data;
    this.lake = lake;
    this.stream = stream;
    this.marts = marts;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public List<Part> plan(List<String> people) {
    try (Erasures book = Erasures.open(data.metadata(), clock)) {
      People known = people(book, people, Optional.empty());
      RowEraser eraser = new RowEraser(lake, book);
      List<Part> parts = new ArrayList<>();
      for (StreamContract contract : personal()) {
        for (TableName table : contract.tables().keySet()) {
          if (lake.find(table).isPresent()) {
            long rows = eraser.count(table, columns -> doomed(known, contract, table, columns));
            parts.add(new Part(table.toString(), rows));
          }
        }
      }
      parts.addAll(live.showing(personal(), known.shown()));
      return parts;
    }
  }

  @Override
  public synchronized Certificate erase(List<String> people, Consumer<String> progress) {
    try (Erasures book = Erasures.open(data.metadata(), clock)) {
      Erasure erasure = begin(book, people);
      People known = people(book, people, Optional.of(erasure));
      progress.accept("waiting until the stream has committed what came before");
      Map<TopicPartition, Long> ends = stream.awaitPast(erasure.id(), book, personal());
      ends.putAll(stream.liveEnds(personal()));
      List<Part> streams = eraseStreams(erasure, known, book, progress);
      List<String> left = new ArrayList<>(eraseLive(known, streams, progress));
      progress.accept("building the models that had them");
      left.addAll(marts.rebuild(personal()));
      List<Part> models = marts.showing(personal(), known.shown());
      models.stream()
          .filter(part -> part.rows() > 0)
          .forEach(part -> left.add("%s has %d rows of them".formatted(part.table(), part.rows())));
      if (left.isEmpty()) {
        progress.accept("making the history go in which they can be read");
        forget(erasure, book);
        stream.deleteBefore(ends);
        book.finish(erasure.id());
      }
      return new Certificate(
          erasure.id(), people.size(), erasure.begun(), clock.instant(), streams, models, left);
    }
  }

  private List<StreamContract> personal() {
    return project.streams().values().stream().filter(StreamContract::isPersonal).toList();
  }

  /** The one that was cut off, if it was of the same people. */
  private Erasure begin(Erasures book, List<String> people) {
    Set<String> firsts = new HashSet<>(firsts(people).values());
    return book.all().stream()
        .filter(it -> it.done().isEmpty() && it.people().equals(firsts))
        .findFirst()
        .orElseGet(() -> begin(book, firsts));
  }

  /** While nobody loads files: whether one came before or after has to be known. */
  private Erasure begin(Erasures book, Set<String> firsts) {
    List<FileLock> locks = new ArrayList<>();
    try (Ledger ledger = Ledger.open(data.metadata())) {
      Map<TopicPartition, Long> cuts = new HashMap<>(stream.ends(personal()));
      for (StreamContract contract : personal()) {
        Optional<FileLock> lock = FileLock.take(data.loadLock(contract.name()));
        lock.ifPresent(locks::add);
        if (lock.isEmpty() || ledger.proposedLoad(contract.name()).isPresent()) {
          throw MillraceException.world(
              "Cannot erase while files are being loaded into '%s': try again when they are"
                  .formatted(contract.name()));
        }
        cuts.put(LoadedFile.all(contract.topic()), ledger.lastLoadedFile(contract.name()));
      }
      return book.begin(firsts, cuts);
    } finally {
      locks.forEach(FileLock::close);
    }
  }

  private Map<String, String> firsts(List<String> people) {
    if (personal().isEmpty()) {
      throw MillraceException.caller(
          "Cannot erase anybody: no field of a stream has 'pii: pseudonym' or 'pii: clear' by which people are known");
    }
    if (people.isEmpty() || people.stream().anyMatch(String::isBlank)) {
      throw MillraceException.caller(
          "Cannot erase: name each person by a value that events have, such as a user's id");
    }
    Pseudonyms pseudonyms = PersonalKey.of(data).pseudonyms();
    Map<String, String> firsts = new HashMap<>();
    people.forEach(value -> firsts.put(value, People.first(pseudonyms, value).toString()));
    return firsts;
  }

  /** By all the pseudonyms that they had before. */
  private People people(Erasures book, List<String> people, Optional<Erasure> now) {
    List<Erasure> all = book.all();
    Map<String, Integer> erased = new HashMap<>();
    firsts(people)
        .forEach(
            (value, first) ->
                erased.put(
                    value,
                    (int)
                        all.stream()
                            .filter(it -> it.people().contains(first))
                            .filter(
                                it -> now.map(Erasure::id).stream().noneMatch(id -> id <= it.id()))
                            .count()));
    return new People(PersonalKey.of(data), erased);
  }

  private List<Part> eraseStreams(
      Erasure erasure, People people, Erasures book, Consumer<String> progress) {
    RowEraser eraser = new RowEraser(lake, book);
    List<Part> parts = new ArrayList<>();
    for (StreamContract contract : personal()) {
      for (TableName table : contract.tables().keySet()) {
        if (lake.find(table).isPresent()) {
          long rows =
              eraser.erase(
                  erasure.id(),
                  table,
                  contract.topic(),
                  columns -> doomed(people, contract, table, columns));
          progress.accept("took %,d rows out of %s".formatted(rows, table));
          parts.add(new Part(table.toString(), rows));
        }
      }
    }
    return parts;
  }

  /** Adds what it takes out of live values, and says what it cannot. */
  private List<String> eraseLive(People people, List<Part> parts, Consumer<String> progress) {
    List<Part> showing = live.showing(personal(), people.shown());
    if (showing.isEmpty()) {
      return List.of();
    }
    progress.accept("filling live values anew, without them");
    parts.addAll(showing);
    List<String> left = new ArrayList<>(live.refill(personal()));
    live.showing(personal(), people.shown()).stream()
        .filter(part -> part.rows() > 0)
        .forEach(part -> left.add("%s has %d rows of them".formatted(part.table(), part.rows())));
    return left;
  }

  private Predicate<Row> doomed(
      People people, StreamContract contract, TableName table, List<Field> columns) {
    if (!table.equals(TableName.rejected(contract.name()))) {
      return people.in(contract, columns);
    }
    UnaryOperator<byte[]> opener = PersonalKey.opener(contract, data);
    List<String> names = columns.stream().map(Field::name).toList();
    int payload = names.indexOf("payload");
    int detail = names.indexOf("detail");
    return row -> people.in(opener.apply(bytes(row, payload))) || people.in(bytes(row, detail));
  }

  private static byte[] bytes(Row row, int position) {
    if (row.isNull(position)) {
      return new byte[0];
    }
    int from = row.offsetAt(position);
    return Arrays.copyOfRange(row.bytesAt(position), from, from + row.lengthAt(position));
  }

  /** All snapshots from before, and the releases that name them. */
  private void forget(Erasure erasure, Erasures book) {
    RowEraser eraser = new RowEraser(lake, book);
    marts.forgetReleases();
    for (StreamContract contract : personal()) {
      contract.tables().keySet().forEach(table -> eraser.forget(erasure.id(), table));
    }
    marts.tables(personal()).forEach(eraser::forgetHistory);
  }
}
