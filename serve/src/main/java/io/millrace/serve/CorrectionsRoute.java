package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.Erasures;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.project.Sight;
import io.millrace.serve.Erasing.Part;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/corrections}: how the past of streams was changed, newest first. Rebuilds are
 * entries of the ledger, erasures of their book.
 */
final class CorrectionsRoute implements Handler {

  private static final int SHOWN = 100;

  private static final String REBUILDS =
      """
      SELECT stream, sequence, committed_at, corrects_from, corrects_to,
        sum(accepted), sum(rejected), sum(repeated), sum(late), seal
      FROM ops.commits WHERE corrects_from IS NOT NULL
      GROUP BY ALL ORDER BY committed_at DESC LIMIT %d"""
          .formatted(SHOWN);

  private final Parts parts;
  private final InstantSource clock;

  CorrectionsRoute(Parts parts, InstantSource clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /**
   * A commit in the place of others.
   *
   * @param first of the commits that it replaces, to {@code last}
   * @param accepted events that are so now
   */
  private record Rebuilt(
      String stream,
      long commit,
      Instant at,
      long first,
      long last,
      long accepted,
      long rejected,
      long repeated,
      long late,
      String seal) {}

  /**
   * People who were taken out.
   *
   * @param ended empty while something is left to do
   * @param streams the rows that were taken out of each table, where there were any
   */
  private record Erased(
      long erasure, int people, Instant begun, Optional<Instant> ended, List<Part> streams) {}

  /**
   * The answer.
   *
   * @param erasures empty for whoever does not see personal data
   */
  private record Corrections(List<Rebuilt> rebuilds, Optional<List<Erased>> erasures) {}

  @Override
  public void handle(Context request) {
    Optional<List<Erased>> erasures =
        Access.of(request) == Sight.CLEAR ? Optional.of(erasures()) : Optional.empty();
    Json.answer(request, HttpStatus.OK, new Corrections(rebuilds(), erasures));
  }

  private List<Rebuilt> rebuilds() {
    List<Rebuilt> rebuilds = new ArrayList<>();
    try (Rows rows = parts.engine().query(Query.of(REBUILDS))) {
      while (rows.next()) {
        rebuilds.add(
            new Rebuilt(
                (String) rows.value(0),
                number(rows, 1),
                (Instant) rows.value(2),
                number(rows, 3),
                number(rows, 4),
                number(rows, 5),
                number(rows, 6),
                number(rows, 7),
                number(rows, 8),
                (String) rows.value(9)));
      }
    }
    return rebuilds;
  }

  private static long number(Rows rows, int column) {
    return ((Number) rows.value(column)).longValue();
  }

  private List<Erased> erasures() {
    try (Erasures book = Erasures.open(parts.data().metadata(), clock)) {
      return book.all().stream()
          .sorted(Comparator.comparingLong(Erasure::id).reversed())
          .limit(SHOWN)
          .map(it -> erased(book, it))
          .toList();
    }
  }

  private Erased erased(Erasures book, Erasure erasure) {
    List<Part> streams =
        parts.project().streams().values().stream()
            .flatMap(contract -> contract.tables().keySet().stream())
            .map(table -> new Part(table.toString(), book.rows(erasure.id(), table)))
            .filter(part -> part.rows() > 0)
            .toList();
    return new Erased(
        erasure.id(), erasure.people().size(), erasure.begun(), erasure.done(), streams);
  }
}
