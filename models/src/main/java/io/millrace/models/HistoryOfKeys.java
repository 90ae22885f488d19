package io.millrace.models;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.SqlFile;
import io.millrace.engine.KeyedView;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.project.Dimension;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Model;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.types.Types;

/**
 * The history of the keys that have new rows, from all rows they have: versions do not tell which
 * rows have confirmed them, and so not what a late one takes out of the middle.
 *
 * @param view finds what has changed: keys, or snapshots of all keys
 * @param byKey the rows of some keys
 */
record HistoryOfKeys(Site site, Dimension dimension, KeyedView.Keyed view, KeyedView.Keyed byKey)
    implements KeyedBuild.Made {

  @Override
  public List<String> keys() {
    return byKey.keys();
  }

  @Override
  public Optional<String> make(Workbench bench) {
    if (dimension.takenAt().isPresent()) {
      Optional<String> whole = findKeys(dimension.takenAt().get(), bench);
      if (whole.isPresent()) {
        return whole;
      }
    }
    bench.temporary("said", byKey.restricted());
    bench.temporary("made", dimension.selectOver("build.said", site.model().sql()));
    return Optional.empty();
  }

  /** A full snapshot has all keys; those it says nothing new of are left as they are. */
  private Optional<String> findKeys(String takenAt, Workbench bench) {
    bench.temporary("times", "SELECT * FROM build.keys");
    bench.temporary("retaken", view.restricted());
    String taken = Quoted.name(takenAt);
    String missing =
        "SELECT %s FROM build.times EXCEPT SELECT %s FROM build.retaken".formatted(taken, taken);
    try (Rows rows = bench.rows(missing)) {
      if (rows.next()) {
        return Optional.of("a snapshot is gone");
      }
    }
    bench.temporary("keys", differing(takenAt, bench));
    try (Rows rows = bench.rows("SELECT count(*) FROM build.keys")) {
      rows.next();
      site.progress().say("%s keys differ from what these snapshots say".formatted(rows.value(0)));
    }
    return Optional.empty();
  }

  private String differing(String takenAt, Workbench bench) {
    String taken = Quoted.name(takenAt);
    List<String> compared =
        dimension
            .checkCols()
            .map(Dimension.Columns::names)
            .filter(it -> !it.isEmpty())
            .orElse(
                bench.columns("SELECT * FROM build.retaken").columns().stream()
                    .map(Types.NestedField::name)
                    .filter(column -> !column.equals(takenAt))
                    .toList());
    return SqlFile.fill(
        HistoryOfKeys.class,
        "snapshot-keys",
        Map.of(
            "key", Quoted.names(keys()),
            "now_key", Quoted.prefixed("now", keys()),
            "kept_key", Quoted.prefixed("kept", keys()),
            "same_key", Quoted.sameKey("now", "kept", keys()),
            "taken_at", taken,
            "compared", Quoted.names(compared),
            "own", Quoted.name(site.model().name()),
            "covers", covers(taken)));
  }

  private String covers(String taken) {
    List<String> conditions = new ArrayList<>();
    conditions.add("own.valid_from <= times." + taken);
    if (dimension.kind() == Dimension.Kind.SNAPSHOT) {
      conditions.add("(own.valid_to IS NULL OR times." + taken + " < own.valid_to)");
    }
    if (dimension.hardDeletes() == HardDeletes.NEW_RECORD) {
      conditions.add("NOT own.is_deleted");
    }
    return String.join(" AND ", conditions);
  }

  /**
   * Requires that the SELECT of a model has the columns that its config names.
   *
   * @param bench has what the model reads
   */
  static void requireColumns(Model model, Dimension dimension, Workbench bench) {
    List<String> made =
        bench.columns(model.sql()).columns().stream().map(Types.NestedField::name).toList();
    for (String column : named(dimension)) {
      if (!made.contains(column)) {
        throw MillraceException.caller(
            "Cannot build %s: its config names column '%s', which %s does not make; it makes %s"
                .formatted(model.name(), column, model.file(), made));
      }
    }
  }

  private static Set<String> named(Dimension dimension) {
    Set<String> named = new LinkedHashSet<>(dimension.uniqueKey());
    dimension.updatedAt().ifPresent(named::add);
    dimension.takenAt().ifPresent(named::add);
    dimension.checkCols().ifPresent(columns -> named.addAll(columns.names()));
    dimension.deleted().ifPresent(named::add);
    dimension.recordedAt().ifPresent(named::add);
    dimension.inferred().ifPresent(named::add);
    named.addAll(dimension.previous());
    return named;
  }
}
