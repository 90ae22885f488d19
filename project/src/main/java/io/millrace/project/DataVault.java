package io.millrace.project;

import static io.millrace.core.Quoted.name;
import static io.millrace.core.Quoted.names;

import io.millrace.core.MillraceException;
import io.millrace.project.Reshaped.Line;
import io.millrace.project.Reshaped.Part;
import io.millrace.project.Star.Arm;
import io.millrace.project.Star.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a star as a Data Vault: a hub for the business key of each dimension, a link that
 * says which keys a fact is of, and satellites with all that is said of either, each time that it
 * is another. Nothing is changed in place: loading again adds what is new.
 *
 * <p>Rows are found by hashes of their keys, so that hubs, links and satellites can be loaded in
 * any order. Where facts name versions of a dimension, the hub has the key without a version, its
 * satellite says each version by itself, and which one a fact named is said with the fact.
 */
public final class DataVault {

  private static final String SCHEMA = "vault";

  private final Star star;
  private final String fact;
  private final String factKey;
  private final List<Part> tables = new ArrayList<>();
  private final List<Part> views = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();

  private DataVault(Star star) {
    this.star = star;
    this.fact = Star.shortName(star.fact());
    this.factKey = fact + "_hk";
  }

  /**
   * Makes the tables of a star.
   *
   * @throws MillraceException if nothing says which fact is which
   */
  public static Reshaped of(Star star) {
    if (star.key().isEmpty()) {
      throw MillraceException.caller(
          "Cannot make a Data Vault of '%s': no test says which row is which; add the test unique to its columns in schema.yml"
              .formatted(star.fact().name()));
    }
    DataVault vault = new DataVault(star);
    star.points().forEach(vault::addHub);
    vault.addLink();
    return new Reshaped(SCHEMA, vault.tables, vault.views, vault.lines);
  }

  private void addHub(Point point) {
    String name = point.shortName();
    String hub = "hub_" + name;
    String satellite = "sat_" + name;
    String hash = name + "_hk";
    String from = point.model().name().toString();
    List<String> key = point.businessKey();
    tables.add(
        new Part(
            hub,
            "One row for each %s that was ever there.".formatted(String.join(", ", key)),
            "SELECT DISTINCT %s AS %s, %s, now() AS load_date, '%s' AS record_source\nFROM %s"
                .formatted(hash("", key), name(hash), names(key), from, from),
            known(hub, hash)));
    List<String> said = point.columns().stream().filter(it -> !key.contains(it)).toList();
    List<String> of = new ArrayList<>(List.of(hash));
    if (isVersioned(point)) {
      of.add(point.key());
    }
    addSatellite(satellite, of, hash("", key), said, from);
    lines.add(new Line(hub, satellite, hash));
    views.add(
        Part.anew(
            point.model().name().name(),
            "Dimension %s, as it was said last.".formatted(name),
            "SELECT %s\nFROM %s.%s AS hub%s"
                .formatted(
                    point.columns().stream()
                        .map(it -> (key.contains(it) ? "hub." : "said.") + name(it))
                        .collect(Collectors.joining(", ")),
                    SCHEMA,
                    hub,
                    newest(satellite, of, "hub"))));
  }

  private static boolean isVersioned(Point point) {
    return !point.businessKey().equals(List.of(point.key()));
  }

  private void addLink() {
    String from = star.fact().name().toString();
    List<String> named = new ArrayList<>();
    named.add(hash("fact.", star.key()) + " AS " + name(factKey));
    StringBuilder versions = new StringBuilder();
    for (Arm arm : star.arms()) {
      named.add(linked(arm, versions));
    }
    ownKey().forEach(it -> named.add("fact." + name(it)));
    tables.add(
        new Part(
            "link_" + fact,
            "One row for each fact: the keys that it is of.",
            "SELECT %s, now() AS load_date, '%s' AS record_source\nFROM %s AS fact%s"
                .formatted(String.join(", ", named), from, from, versions),
            known("link_" + fact, factKey)));
    List<String> said =
        star.columns().stream().filter(it -> !isHub(it) && !star.key().contains(it)).toList();
    addSatellite("sat_" + fact, List.of(factKey), hash("", star.key()), said, from);
    lines.add(new Line("link_" + fact, "sat_" + fact, factKey));
    StringBuilder joins = new StringBuilder(newest("sat_" + fact, List.of(factKey), "link"));
    for (Arm arm : star.arms()) {
      String hub = "hub_" + arm.point().shortName();
      lines.add(new Line(hub, "link_" + fact, linkedName(arm)));
      if (isHub(arm.column())) {
        joins.append(
            "\nLEFT JOIN %1$s.%2$s AS %3$s ON %3$s.%4$s = link.%5$s"
                .formatted(
                    SCHEMA,
                    hub,
                    of(arm.column()),
                    name(arm.point().shortName() + "_hk"),
                    name(linkedName(arm))));
      }
    }
    views.add(
        Part.anew(
            star.fact().name().name(),
            "The facts, as they were said last.",
            "SELECT %s\nFROM %s.link_%s AS link%s"
                .formatted(
                    star.columns().stream().map(this::home).collect(Collectors.joining(", ")),
                    SCHEMA,
                    fact,
                    joins)));
  }

  /** The hash by which a link names a hub, found by way of the dimension if a version is named. */
  private static String linked(Arm arm, StringBuilder versions) {
    Point point = arm.point();
    if (!isVersioned(point)) {
      return "CASE WHEN fact.%s IS NOT NULL THEN %s END AS %s"
          .formatted(
              name(arm.column()), hash("fact.", List.of(arm.column())), name(linkedName(arm)));
    }
    String alias = of(arm.column());
    versions.append(
        "\nLEFT JOIN %s AS %s ON %s.%s = fact.%s"
            .formatted(point.model().name(), alias, alias, name(point.key()), name(arm.column())));
    return "CASE WHEN %s.%s IS NOT NULL THEN %s END AS %s"
        .formatted(
            alias,
            name(point.key()),
            hash(alias + ".", point.businessKey()),
            name(linkedName(arm)));
  }

  private static String of(String column) {
    return name("of_" + column);
  }

  private static String linkedName(Arm arm) {
    return arm.column() + "_hk";
  }

  /** Whether a column of facts is the key of a hub, so that the hub says its value. */
  private boolean isHub(String column) {
    return star.pointOf(column).filter(it -> !isVersioned(it)).isPresent();
  }

  /** Columns of the key that no hub has. */
  private List<String> ownKey() {
    return star.key().stream().filter(it -> !isHub(it)).toList();
  }

  private String home(String column) {
    if (isHub(column)) {
      return "%s.%s AS %s"
          .formatted(of(column), name(star.pointOf(column).orElseThrow().key()), name(column));
    }
    return (star.key().contains(column) ? "link." : "said.") + name(column);
  }

  /**
   * Adds a satellite.
   *
   * @param of the columns that say what a row is about, the hash first
   */
  private void addSatellite(
      String name, List<String> of, String hash, List<String> said, String from) {
    List<String> columns = new ArrayList<>();
    columns.add(hash + " AS " + name(of.get(0)));
    columns.add("now() AS load_date");
    columns.add(hash("", said) + " AS hash_diff");
    said.forEach(it -> columns.add(name(it)));
    String about = names(of);
    tables.add(
        new Part(
            name,
            "What was said of each, one row for each time that it was another.",
            "SELECT %s\nFROM %s".formatted(String.join(", ", columns), from),
            "SELECT 1 FROM (SELECT %s, max_by(hash_diff, load_date) AS hash_diff FROM %s.%s GROUP BY %s) AS old WHERE %s AND old.hash_diff = new.hash_diff"
                .formatted(about, SCHEMA, name, about, same("old", "new", of))));
  }

  private static String known(String table, String hash) {
    return "SELECT 1 FROM %s.%s AS old WHERE %s"
        .formatted(SCHEMA, table, same("old", "new", List.of(hash)));
  }

  private static String same(String one, String other, List<String> columns) {
    return columns.stream()
        .map(it -> "%1$s.%3$s = %2$s.%3$s".formatted(one, other, name(it)))
        .collect(Collectors.joining(" AND "));
  }

  /** Joins the last rows of a satellite. */
  private static String newest(String satellite, List<String> of, String to) {
    return "\nJOIN (\n  SELECT * FROM %s.%s\n  QUALIFY row_number() OVER (PARTITION BY %s ORDER BY load_date DESC) = 1\n) AS said ON %s"
        .formatted(SCHEMA, satellite, names(of), same("said", to, of.subList(0, 1)));
  }

  /** 128 bits of values, of which none runs into the next. */
  private static String hash(String table, List<String> columns) {
    return columns.stream()
        .map(it -> "CAST(%s%s AS VARCHAR)".formatted(table, name(it)))
        .collect(Collectors.joining(", ", "CAST(md5(CAST(to_json([", "]) AS VARCHAR)) AS UUID)"));
  }
}
