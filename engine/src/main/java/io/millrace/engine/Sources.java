package io.millrace.engine;

import io.millrace.project.ColumnRef;
import io.millrace.project.ColumnTracer.Source;
import io.millrace.project.ColumnTracer.Use;
import io.millrace.project.Fingerprint;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The columns that something is made of, each with the use that says most of it, and how. */
final class Sources {

  private record Place(ColumnRef column, String path) {}

  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::column).thenComparing(Place::path);

  private final SortedMap<Place, Use> uses = new TreeMap<>(ORDER);

  /** Digest of the texts it is computed by, and of the recipes of all that was added, in order. */
  private String recipe = "";

  static Sources of(ColumnRef column, Use use) {
    return new Sources().add(column, "", use).by(column.toString());
  }

  Sources add(ColumnRef column, String path, Use use) {
    uses.merge(new Place(column, path), use, Sources::both);
    return this;
  }

  /** Says by what text it is computed. */
  Sources by(String text) {
    recipe = Fingerprint.of(recipe, text);
    return this;
  }

  String recipe() {
    return recipe;
  }

  /** Adds what something is made of that is now used in {@code use}. */
  Sources addAll(Sources others, Use use) {
    others.uses.forEach((place, of) -> add(place.column(), place.path(), composed(of, use)));
    return by(others.recipe);
  }

  /** Adds the sources of a struct of which one field is read. */
  Sources addField(Sources struct, String path, Use use) {
    struct.uses.forEach(
        (place, of) -> {
          boolean follow = of == Use.COPY && !path.isEmpty();
          String longer = place.path().isEmpty() ? path : place.path() + "." + path;
          add(place.column(), follow ? longer : place.path(), composed(of, use));
        });
    return by(path).by(struct.recipe);
  }

  /** The rows of tables among them, as something to compute a value from. */
  Sources rowsOnly() {
    Sources rows = new Sources();
    uses.forEach(
        (place, ignored) -> {
          if (place.column().isRows()) {
            rows.add(place.column(), "", Use.DERIVED);
          }
        });
    return rows;
  }

  SortedSet<Source> toSet() {
    SortedSet<Source> set = new TreeSet<>();
    uses.forEach((place, use) -> set.add(new Source(place.column(), place.path(), use)));
    return set;
  }

  boolean same(Sources other) {
    return uses.equals(other.uses);
  }

  /** A copy of a copy is a copy; whatever else is on the way makes it less. */
  private static Use composed(Use inner, Use outer) {
    return inner.compareTo(outer) > 0 ? inner : outer;
  }

  /** Copied in one place and computed with in another, a column is no plain copy. */
  private static Use both(Use a, Use b) {
    if (a == b || b == Use.DECIDES) {
      return a;
    }
    return a == Use.DECIDES ? b : Use.DERIVED;
  }
}
