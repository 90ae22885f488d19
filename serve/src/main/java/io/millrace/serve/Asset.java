package io.millrace.serve;

import io.millrace.project.Materialization;
import io.millrace.project.Model;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One thing a project is made of, as {@code /api/assets} lists it: a table of a stream, a model or
 * a seed.
 *
 * @param rows of the snapshot that readers see; empty for what has none, such as a view
 * @param build how far it is built; empty for what is not
 */
record Asset(
    String name,
    Kind kind,
    String description,
    String owner,
    Set<String> tags,
    Optional<Long> rows,
    Optional<Instant> committedAt,
    Optional<Builds.Build> build) {

  /** Where the rows of an asset come from. */
  enum Kind {
    STREAM,
    QUARANTINE,
    VIEW,
    TABLE,
    INCREMENTAL,
    MATERIALIZED_VIEW,
    HISTORY,
    SEED;

    static Kind of(Model model) {
      Materialization how = model.materialization();
      if (how instanceof Materialization.View) {
        return VIEW;
      } else if (how instanceof Materialization.Table) {
        return TABLE;
      } else if (how instanceof Materialization.MaterializedView) {
        return MATERIALIZED_VIEW;
      } else if (how instanceof Materialization.History || isSnapshot(how)) {
        return HISTORY;
      }
      return how instanceof Materialization.Seed ? SEED : INCREMENTAL;
    }

    private static boolean isSnapshot(Materialization how) {
      return how instanceof Materialization.Again again && again.how() == Materialization.How.KEEP;
    }
  }
}
