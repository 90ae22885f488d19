package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.project.ColumnRef;
import io.millrace.project.Lineage;
import io.millrace.schedule.Touched;
import io.millrace.schedule.Touched.How;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How each column of a table is computed, as a digest; with {@link ColumnRef#ROWS}, what decides
 * its rows. Kept with each build, so that a plan can say which columns another definition touches.
 */
record Recipes(SortedMap<String, String> digests) {

  /** A change is missed once in four thousand million, and each snapshot keeps all of them. */
  private static final int DIGITS = 8;

  Recipes {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  static Recipes of(Lineage lineage, TableName table) {
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put(ColumnRef.ROWS, digest(lineage, ColumnRef.rows(table)));
    for (String column : lineage.columns().get(table)) {
      digests.put(column, digest(lineage, new ColumnRef(table, column)));
    }
    return new Recipes(digests);
  }

  private static String digest(Lineage lineage, ColumnRef column) {
    String recipe = lineage.recipe(column);
    return recipe.substring(0, Math.min(DIGITS, recipe.length()));
  }

  /** Reads what {@link #toString} wrote. */
  static Recipes parse(String text) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String line : text.lines().toList()) {
      digests.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
    }
    return new Recipes(digests);
  }

  /** A line for each, the digest first because a name may have any character. */
  @Override
  public String toString() {
    return digests.entrySet().stream()
        .map(recipe -> recipe.getValue() + " " + recipe.getKey())
        .collect(Collectors.joining("\n"));
  }

  /** What these touch that a table was not built by. */
  Touched since(Recipes built, TableName table, Lineage lineage) {
    SortedMap<String, How> columns = new TreeMap<>();
    built.digests.keySet().forEach(column -> columns.put(column, How.REMOVED));
    digests.forEach(
        (column, digest) -> {
          if (digest.equals(built.digests.get(column))) {
            columns.remove(column);
          } else {
            columns.put(column, built.digests.containsKey(column) ? How.CHANGED : How.ADDED);
          }
        });
    boolean rows = columns.remove(ColumnRef.ROWS) != null;
    Set<String> starts = rows ? Set.of(ColumnRef.ROWS) : columns.keySet();
    return new Touched(rows, columns, downstream(starts, table, lineage));
  }

  private SortedSet<ColumnRef> downstream(Set<String> starts, TableName table, Lineage lineage) {
    SortedSet<ColumnRef> found = new TreeSet<>();
    starts.stream()
        .filter(column -> digests.containsKey(column))
        .forEach(it -> found.addAll(lineage.downstream(new ColumnRef(table, it)).columns()));
    found.removeIf(column -> column.table().equals(table));
    Set<TableName> whole =
        found.stream().filter(ColumnRef::isRows).map(ColumnRef::table).collect(Collectors.toSet());
    found.removeIf(column -> !column.isRows() && whole.contains(column.table()));
    return found;
  }
}
