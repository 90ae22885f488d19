package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.lake.Release;
import io.millrace.lake.Releases;
import io.millrace.project.Project;
import io.millrace.schedule.Books;
import io.millrace.schedule.Scheduler;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes an earlier release what readers see. Its models are held first, so that nothing builds them
 * anew before a person has looked; cut off at any point, it can be done again.
 */
final class Rollback {

  private final Project project;
  private final Lake lake;
  private final Releases releases;
  private final Books books;
  private final Scheduler scheduler;

  Rollback(Parts parts) {
    this.project = parts.project();
    this.lake = parts.lake();
    this.releases = parts.warehouse().releases();
    this.books = parts.warehouse().books();
    this.scheduler = parts.warehouse().scheduler();
  }

  /** Goes back, and returns the release that readers see from now on. */
  synchronized Release to(long id) {
    Release wanted = releases.load(id);
    SortedMap<TableName, Long> models = new TreeMap<>(wanted.models());
    models.keySet().retainAll(project.models().keySet());
    requireKept(id, models);
    String why = "rolled back to release " + id;
    models.keySet().forEach(table -> scheduler.hold(table, why));
    // What builds now would publish what readers are about to leave.
    return scheduler.alone(
        "roll back to release " + id,
        () -> {
          models.forEach(lake::rollBack);
          models.keySet().forEach(books.ledger()::forget);
          return releases.publish(Release.BY_HAND, why, models, wanted.inputs(), wanted.behind());
        });
  }

  /** Before anything is changed. */
  private void requireKept(long id, Map<TableName, Long> models) {
    models.forEach(
        (table, snapshot) -> {
          if (lake.load(table).snapshot(snapshot) == null) {
            throw MillraceException.caller(
                "Cannot roll back to release %d: its snapshot of %s has expired"
                    .formatted(id, table));
          }
        });
  }
}
