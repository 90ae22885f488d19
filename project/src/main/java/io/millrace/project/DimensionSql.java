package io.millrace.project;

import static io.millrace.core.Quoted.name;
import static io.millrace.core.Quoted.names;

import io.millrace.core.Quoted;
import io.millrace.core.SqlFile;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Dimension.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts together the SELECT of a dimension, one pass over sets: what is said of keys, when it began
 * to be so, where versions start, and what of them is kept.
 */
final class DimensionSql {

  private final Dimension dimension;
  private final String key;

  DimensionSql(Dimension dimension) {
    this.dimension = dimension;
    this.key = names(dimension.uniqueKey());
  }

  /**
   * The SELECT over rows.
   *
   * @param rows in brackets, on the first line
   * @param all of which snapshots there are
   */
  String around(String rows, String all) {
    List<String> steps = new ArrayList<>();
    steps.add("WITH said AS " + rows);
    steps.add(given());
    steps.add(dimension.takenAt().isPresent() ? snapshotChanges(all) : changes());
    dimension.recordedAt().ifPresent(it -> steps.add(recorded(it)));
    steps.add(versions());
    return String.join(",\n", steps) + rest();
  }

  private String given() {
    List<String> added = new ArrayList<>();
    added.add("row(*COLUMNS(*)) AS millrace_row");
    added.add(version() + " AS millrace_version");
    dimension
        .recordedAt()
        .ifPresent(it -> added.add(rowWithout(List.of(name(it))) + " AS millrace_said"));
    return "given AS (SELECT *, %s FROM said)".formatted(String.join(", ", added));
  }

  /** What is another value in another version. */
  private String version() {
    if (dimension.checkCols().isEmpty()) {
      return name(dimension.updatedAt().orElseThrow());
    }
    List<String> checked = new ArrayList<>(dimension.checkCols().get().names());
    if (checked.isEmpty()) {
      return rowWithout(technical(Stream.of(dimension.updatedAt(), dimension.takenAt())));
    }
    dimension.inferred().ifPresent(checked::add);
    return "row(" + names(checked) + ")";
  }

  private List<String> technical(Stream<Optional<String>> more) {
    return Stream.concat(more, Stream.of(dimension.deleted(), dimension.recordedAt()))
        .flatMap(Optional::stream)
        .map(Quoted::name)
        .distinct()
        .toList();
  }

  private static String rowWithout(List<String> columns) {
    return "row(*COLUMNS(* EXCLUDE (" + String.join(", ", columns) + ")))";
  }

  private String changes() {
    boolean sees = dimension.hardDeletes() != HardDeletes.IGNORE;
    return "changes AS (SELECT *, %s AS millrace_time, %s AS millrace_gone FROM given)"
        .formatted(
            name(dimension.updatedAt().orElseThrow()),
            dimension
                .deleted()
                .filter(it -> sees)
                .map(it -> "coalesce(" + name(it) + ", false)")
                .orElse("false"));
  }

  private String snapshotChanges(String all) {
    String taken = name(dimension.takenAt().orElseThrow());
    return fill(
        "snapshot-changes",
        Map.of(
            "all", all,
            "key", key,
            "taken_at", taken,
            "updated_at", dimension.updatedAt().map(Quoted::name).orElse(taken),
            "sees_deletions", String.valueOf(dimension.hardDeletes() != HardDeletes.IGNORE)));
  }

  private String recorded(String recordedAt) {
    return fill(
        "recorded",
        Map.of(
            "key", key,
            "recorded_at", name(recordedAt),
            "same_key", Quoted.sameKey("news", "moments", dimension.uniqueKey())));
  }

  private String versions() {
    List<String> ties = new ArrayList<>();
    String mentions =
        dimension.inferred().map(it -> "coalesce(" + name(it) + ", false)").orElse("");
    dimension.inferred().ifPresent(it -> ties.add(mentions));
    dimension.recordedAt().ifPresent(it -> ties.add(name(it) + " DESC"));
    ties.add("millrace_gone DESC");
    dimension.takenAt().ifPresent(it -> ties.add(name(it)));
    ties.add("millrace_row DESC");
    boolean recorded = dimension.recordedAt().isPresent();
    String part = recorded ? key + ", millrace_moment" : key;
    String settled =
        fill(
            "settled",
            Map.of(
                "changes",
                recorded ? "known" : "changes",
                "part",
                part,
                "ties",
                String.join(", ", ties)));
    String stretched =
        dimension
            .inferred()
            .map(it -> ",\n" + fill("inferred", Map.of("mentions", mentions, "part", part)))
            .orElse("");
    return settled
        + stretched
        + ",\n"
        + fill(
            "versions",
            Map.of("settled", stretched.isEmpty() ? "settled" : "stretched", "part", part));
  }

  private String rest() {
    boolean keepsDeleted = dimension.hardDeletes() == HardDeletes.NEW_RECORD;
    if (dimension.kind() == Kind.SNAPSHOT) {
      return dimension.recordedAt().isPresent()
          ? ",\nkept AS (\n"
              + snapshot()
              + "),\n"
              + fill("islands", Map.of())
              + numbered(fill("recorded-versions", Map.of()))
          : numbered(snapshot());
    }
    String newest = fill("newest", Map.of("keeps_deleted", String.valueOf(keepsDeleted)));
    List<String> inner = inner();
    if (!keepsDeleted) {
      inner.add(Dimension.IS_DELETED);
    }
    if (dimension.kind() == Kind.SCD1) {
      return ",\n"
          + newest
          + numbered("SELECT * EXCLUDE (" + String.join(", ", inner) + ") FROM newest");
    }
    return ",\n" + newest + ",\n" + previous(inner);
  }

  /** The last SELECT, with the surrogate key before its columns. */
  private String numbered(String select) {
    return dimension
        .surrogateKey()
        .map(
            it ->
                ",\nunnumbered AS (\n%s\n)\nSELECT %s AS %s, * FROM unnumbered"
                    .formatted(select, surrogate(), name(it)))
        .orElse("\n" + select);
  }

  /** Never below zero, so that a number below zero can mean that there is none. */
  private String surrogate() {
    List<String> parts = new ArrayList<>(dimension.uniqueKey());
    if (dimension.kind() == Kind.SNAPSHOT) {
      parts.add(Dimension.VALID_FROM);
    }
    return "CAST(md5_number_lower(CAST(to_json([%s]) AS VARCHAR)) >> 1 AS BIGINT)"
        .formatted(
            parts.stream()
                .map(it -> "CAST(" + name(it) + " AS VARCHAR)")
                .collect(Collectors.joining(", ")));
  }

  private String snapshot() {
    String inner = String.join(", ", inner());
    if (dimension.hardDeletes() == HardDeletes.NEW_RECORD) {
      return fill("deleted-versions", Map.of("inner", inner));
    }
    String ends =
        dimension.hardDeletes() == HardDeletes.INVALIDATE
            ? ", millrace_ends AS " + Dimension.WAS_DELETED
            : "";
    return "SELECT * EXCLUDE (%s), millrace_time AS %s, millrace_until AS %s%s FROM versions WHERE NOT millrace_gone"
        .formatted(inner, Dimension.VALID_FROM, Dimension.VALID_TO, ends);
  }

  /** What is no column of the dimension. */
  private List<String> inner() {
    List<String> inner = new ArrayList<>(technical(Stream.of(dimension.takenAt())));
    inner.addAll(List.of("millrace_row", "millrace_version", "millrace_time", "millrace_gone"));
    inner.addAll(List.of("millrace_until", "millrace_ends", "millrace_again"));
    if (dimension.takenAt().isPresent()) {
      inner.addAll(List.of("millrace_before", "millrace_next"));
      inner.addAll(List.of("millrace_seen_before", "millrace_seen_next"));
    }
    dimension.recordedAt().ifPresent(it -> inner.add("millrace_said"));
    return inner;
  }

  private String previous(List<String> inner) {
    String values =
        dimension.previous().stream()
            .map(
                column ->
                    "last(earlier.%s ORDER BY earlier.millrace_time) FILTER (earlier.%s IS DISTINCT FROM newest.%s) AS %s"
                        .formatted(name(column), name(column), name(column), before(column)))
            .collect(Collectors.joining(", "));
    Map<String, String> holes = new LinkedHashMap<>();
    holes.put("newest_key", Quoted.prefixed("newest", dimension.uniqueKey()));
    holes.put("previous_values", values);
    holes.put("same_key", Quoted.sameKey("newest", "earlier", dimension.uniqueKey()));
    holes.put("inner", String.join(", ", inner));
    holes.put(
        "previous",
        dimension.previous().stream()
            .map(column -> "previous." + before(column))
            .collect(Collectors.joining(", ")));
    holes.put("same_previous", Quoted.sameKey("newest", "previous", dimension.uniqueKey()));
    holes.put("settled", dimension.inferred().isPresent() ? "stretched" : "settled");
    return fill("previous", holes) + numbered(fill("with-previous", holes));
  }

  private static String before(String column) {
    return name("previous_" + column);
  }

  private static String fill(String name, Map<String, String> holes) {
    return SqlFile.fill(DimensionSql.class, "dimension/" + name, holes);
  }
}
