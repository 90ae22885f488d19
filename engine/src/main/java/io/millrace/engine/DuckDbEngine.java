package io.millrace.engine;

import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs each query in a DuckDB of its own, inside this process. It starts in some milliseconds, its
 * limits are the query's limits, and the files it may open are those of the tables the query names.
 */
public final class DuckDbEngine implements Engine {

  private static final int MOST_WAITING = 32;

  private final Lake lake;
  private final DataDirectory data;
  private final SortedMap<TableName, Model> models;
  private final PersonalColumns personal;
  private final Limits limits;
  private final Path temporary;
  private final DuckDbSqlReader reader = new DuckDbSqlReader();
  private final Semaphore slots;
  private final ScheduledExecutorService timer = Daemons.timer("query-timer");

  /** For those who see everything; from others it hides all values of all tables. */
  public DuckDbEngine(
      Lake lake,
      DataDirectory data,
      SortedMap<TableName, Model> models,
      Limits limits,
      Path temporary) {
    this(lake, data, models, PersonalColumns.UNKNOWN, limits, temporary);
  }

  /**
   * @param lake stays open when this closes
   * @param data where commits and acknowledged events are counted
   * @param models the project's views; each is read as part of the query that names it
   * @param personal what is hidden from those who do not see everything
   * @param temporary a folder for what a query cannot hold in memory
   */
  public DuckDbEngine(
      Lake lake,
      DataDirectory data,
      SortedMap<TableName, Model> models,
      PersonalColumns personal,
      Limits limits,
      Path temporary) {
    this.lake = lake;
    this.data = data;
    this.models = new TreeMap<>(models);
    this.personal = personal;
    this.limits = limits;
    this.temporary = temporary;
    this.slots = new Semaphore(limits.concurrent(), true);
  }

  @Override
  public Rows query(Query query) {
    takeSlot();
    try {
      Veil veil = new Veil(personal, query.sight());
      return open(query, QueryPlan.of(query.sql(), lake.pin(query.asOf()), models, veil, reader));
    } catch (RuntimeException e) {
      slots.release();
      throw e;
    }
  }

  private Rows open(Query query, QueryPlan plan) {
    DuckDbSession session = DuckDbSession.open(Task.QUERY, limits, temporary, timer);
    try {
      prepare(session, plan);
      DuckDbRows rows =
          new DuckDbRows(
              session,
              query.sql(),
              query.limit(),
              session::failure,
              () -> {
                slots.release();
                session.close();
              });
      rows.start();
      return rows;
    } catch (SQLException e) {
      session.close();
      throw session.failure(e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void prepare(DuckDbSession session, QueryPlan plan) {
    lake.fetch(plan.files());
    try {
      for (String layer : QueryPlan.layers()) {
        session.run("CREATE SCHEMA " + layer);
      }
      for (OperationsTable table : plan.copies()) {
        table.copy(data.metadata(), session.connection());
      }
      for (String view : plan.views()) {
        session.run(view);
      }
      session.lock(plan.files(), Optional.empty());
    } catch (SQLException e) {
      throw session.failure(e);
    }
  }

  private void takeSlot() {
    try {
      // Each that waits holds a thread of the server.
      if (slots.getQueueLength() < MOST_WAITING
          && slots.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot run the query: interrupted while it waited", e);
    }
    throw MillraceException.world(
        "Cannot run the query: %d others are running; try again when one has ended"
            .formatted(limits.concurrent()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    reader.close();
  }
}
