package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.lake.Changes;
import io.millrace.project.InputMode;
import io.millrace.schedule.Warehouse.Extent;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What inputs have brought since a table was built, as far as a build can make use of it. */
sealed interface Since {

  /**
   * The table has to be built whole.
   *
   * @param why {@code its definition has changed}
   */
  record Everything(String why) implements Since {}

  /**
   * The table needs only what these changes ask for.
   *
   * @param changes of the inputs that have changed
   */
  record Only(SortedMap<TableName, Changes> changes) implements Since {
    public Only {
      changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }
  }

  /**
   * Compares the state of a site with what its table was built from.
   *
   * @param last of the published snapshot
   */
  static Since of(Site site, Optional<BuiltFrom> last, Extent extent) {
    if (extent == Extent.FULL) {
      return new Everything("a full build was asked for");
    }
    if (last.isEmpty()) {
      return new Everything("it was never built");
    }
    if (!last.get().definition().equals(site.project().fingerprint(site.model()))) {
      return new Everything("its definition has changed");
    }
    SortedMap<TableName, Changes> changed = new TreeMap<>();
    for (Door door : site.doors()) {
      for (TableName table : door.tables()) {
        if (door.mode() == InputMode.LOOKUP || site.snapshot(table).isEmpty()) {
          continue;
        }
        Long before = last.get().inputs().get(table);
        Changes changes =
            site.pinned(table)
                .since(before == null ? OptionalLong.empty() : OptionalLong.of(before));
        if (changes instanceof Changes.Unknown unknown) {
          return new Everything(unknown.why());
        }
        if (!(changes instanceof Changes.None)) {
          changed.put(table, changes);
        }
      }
    }
    return new Only(changed);
  }
}
