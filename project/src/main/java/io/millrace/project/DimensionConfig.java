package io.millrace.project;

import io.millrace.project.ConfigShape.Versions;
import io.millrace.project.Dimension.Columns;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Dimension.Kind;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Values;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code config} says of a slowly changing dimension, and what it must say. */
final class DimensionConfig {

  private static final String ALL = "all";

  private DimensionConfig() {}

  static Dimension read(Kind kind, Values values) {
    return new Dimension(
        kind,
        values.find(ConfigShape.UNIQUE_KEY).orElseThrow(),
        values.find(ConfigShape.UPDATED_AT),
        values.find(ConfigShape.TAKEN_AT),
        checkCols(kind, values),
        values.find(ConfigShape.DELETED),
        values.get(ConfigShape.HARD_DELETES),
        values.find(ConfigShape.RECORDED_AT),
        values.find(ConfigShape.PREVIOUS).orElse(List.of()),
        values.find(ConfigShape.INFERRED),
        values.find(ConfigShape.SURROGATE_KEY));
  }

  private static Optional<Columns> checkCols(Kind kind, Values values) {
    if (kind == Kind.SNAPSHOT
        && values.find(ConfigShape.VERSIONS).orElseThrow() == Versions.TIMESTAMP) {
      return Optional.empty();
    }
    List<String> named = values.find(ConfigShape.CHECK_COLS).orElse(List.of(ALL));
    return Optional.of(new Columns(named.equals(List.of(ALL)) ? List.of() : named));
  }

  static void check(Kind kind, Values values, Flaws flaws) {
    boolean snapshots = values.has(ConfigShape.TAKEN_AT);
    if (kind == Kind.SNAPSHOT) {
      ModelConfig.need(ConfigShape.VERSIONS, "a snapshot", values, flaws);
      checkStrategy(snapshots, values, flaws);
    } else {
      checkTime(
          snapshots, "a dimension of kind " + kind.name().toLowerCase(Locale.ROOT), values, flaws);
    }
    if (kind == Kind.SCD3) {
      ModelConfig.need(ConfigShape.PREVIOUS, "a dimension of kind scd3", values, flaws);
    }
    checkDeletions(snapshots, values, flaws);
    if (snapshots && values.has(ConfigShape.RECORDED_AT)) {
      ModelConfig.unfit(
          ConfigShape.RECORDED_AT,
          "full snapshots, which are known when they are taken",
          "take it out",
          values,
          flaws);
    }
    if (snapshots && values.has(ConfigShape.INFERRED)) {
      ModelConfig.unfit(
          ConfigShape.INFERRED,
          "full snapshots, which have all keys",
          "take it out",
          values,
          flaws);
    }
  }

  private static void checkStrategy(boolean snapshots, Values values, Flaws flaws) {
    Optional<Versions> strategy = values.find(ConfigShape.VERSIONS);
    if (strategy.equals(Optional.of(Versions.TIMESTAMP))) {
      ModelConfig.need(ConfigShape.UPDATED_AT, "strategy timestamp", values, flaws);
      if (values.has(ConfigShape.CHECK_COLS)) {
        ModelConfig.unfit(
            ConfigShape.CHECK_COLS, "strategy timestamp", "take it out", values, flaws);
      }
    } else if (strategy.isPresent()) {
      ModelConfig.need(ConfigShape.CHECK_COLS, "strategy check", values, flaws);
      checkTime(snapshots, "strategy check", values, flaws);
    }
  }

  /** Compared by value, rows have one time: that of the change, or that of the snapshot. */
  private static void checkTime(boolean snapshots, String thing, Values values, Flaws flaws) {
    if (!snapshots) {
      ModelConfig.need(ConfigShape.UPDATED_AT, thing, values, flaws);
    } else if (values.has(ConfigShape.UPDATED_AT)) {
      ModelConfig.unfit(
          ConfigShape.UPDATED_AT,
          thing + " of full snapshots",
          "take it out; a row is so since the first snapshot that says it",
          values,
          flaws);
    }
  }

  private static void checkDeletions(boolean snapshots, Values values, Flaws flaws) {
    boolean marked = values.has(ConfigShape.DELETED);
    boolean ignored = values.get(ConfigShape.HARD_DELETES) == HardDeletes.IGNORE;
    if (marked && snapshots) {
      ModelConfig.unfit(
          ConfigShape.DELETED,
          "full snapshots",
          "take it out; a key that a snapshot lacks was deleted",
          values,
          flaws);
    } else if (marked && ignored) {
      ModelConfig.unfit(
          ConfigShape.DELETED,
          "hard_deletes 'ignore'",
          "write hard_deletes: invalidate, or new_record",
          values,
          flaws);
    } else if (!marked && !snapshots && !ignored) {
      flaws.add(
          values.line(ConfigShape.HARD_DELETES),
          "nothing tells that a key was deleted",
          "name the column that does with the key 'deleted', or the times of full snapshots with 'taken_at'");
    }
  }
}
