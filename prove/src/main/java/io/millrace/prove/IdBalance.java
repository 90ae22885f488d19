package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.prove.IdReader.Found;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What producers were told against what tables hold, event by event. It trusts neither offsets nor
 * the ledger: an acknowledged event is in exactly one table, once, and whatever else is there was
 * sent at least as often.
 */
public final class IdBalance {

  private final String stream;
  private final TableName bronze;
  private final TableName rejectedTable;
  private final TableName repeatedTable;
  private final Map<String, Sent> events = new HashMap<>();
  private final Map<TableName, Long> rows = new HashMap<>();
  private final Breaches breaches = new Breaches();
  private long lost;
  private long twice;
  private long wrong;

  public IdBalance(String stream) {
    this.stream = stream;
    this.bronze = TableName.bronze(stream);
    this.rejectedTable = TableName.rejected(stream);
    this.repeatedTable = TableName.repeated(stream);
  }

  private static final class Sent {
    private final Promise promise;
    private int times;
    private boolean acknowledged;
    private int kept;
    private int rejected;
    private int repeated;
    private Found first;

    Sent(Promise promise) {
      this.promise = promise;
    }

    int copies() {
      return kept + rejected + repeated;
    }
  }

  /** An event is sent, for the first time or again. */
  public void sent(String id, Promise promise) {
    events.computeIfAbsent(id, it -> new Sent(promise)).times++;
  }

  /** A producer was told that an event, which was sent, is taken. */
  public void acknowledged(String id) {
    events.get(id).acknowledged = true;
  }

  /** A row of a table of the stream. */
  public void found(String id, Found found) {
    rows.merge(found.table(), 1L, Long::sum);
    Sent event = events.get(id);
    if (event == null) {
      wrong++;
      breaches.add(Breach.Kind.EXTRA, "%s is in %s, and nobody sent it".formatted(id, found));
      return;
    }
    if (found.table().equals(repeatedTable)) {
      event.repeated++;
    } else if (found.table().equals(rejectedTable)) {
      event.rejected++;
      requireTable(id, event, found, event.promise == Promise.REJECTED);
    } else {
      event.kept++;
      requireTable(
          id, event, found, event.promise == Promise.KEPT || isLateAsPromised(event, found));
      if (event.kept > 1) {
        twice++;
        breaches.add(
            Breach.Kind.EXTRA, "%s is there twice: %s and %s".formatted(id, event.first, found));
      }
    }
    if (event.first == null && !found.table().equals(repeatedTable)) {
      event.first = found;
    }
    if (event.copies() > event.times) {
      twice++;
      breaches.add(
          Breach.Kind.EXTRA,
          "%s was sent %d times and has %d rows, the last in %s"
              .formatted(id, event.times, event.copies(), found));
    }
  }

  private boolean isLateAsPromised(Sent event, Found found) {
    return event.promise == Promise.LATE && !found.table().equals(bronze);
  }

  private void requireTable(String id, Sent event, Found found, boolean right) {
    if (!right) {
      wrong++;
      breaches.add(
          Breach.Kind.EXTRA,
          "%s is in %s, and its contract says %s".formatted(id, found, event.promise));
    }
  }

  /** The balance, once every event and every row has been told. */
  public StreamCertificate result() {
    long acknowledged = 0;
    long unconfirmed = 0;
    long refused = 0;
    long fingerprint = 0;
    long foundFingerprint = 0;
    for (Map.Entry<String, Sent> it : events.entrySet()) {
      Sent event = it.getValue();
      if (event.promise == Promise.REFUSED) {
        refused++;
      }
      boolean found = event.kept + event.rejected > 0;
      if (!event.acknowledged) {
        unconfirmed += event.promise == Promise.REFUSED ? 0 : 1;
      } else {
        acknowledged++;
        long hash = hash(it.getKey());
        fingerprint += hash;
        foundFingerprint += found ? hash : 0;
      }
      if (!found && event.repeated > 0) {
        lost++;
        breaches.add(Breach.Kind.MISSING, it.getKey() + " is in repeated, and nowhere else");
      } else if (!found && event.acknowledged) {
        lost++;
        breaches.add(Breach.Kind.MISSING, it.getKey() + " was acknowledged and is in no table");
      }
    }
    return new StreamCertificate(
        stream,
        acknowledged,
        rows.getOrDefault(bronze, 0L),
        rows.getOrDefault(TableName.late(stream), 0L),
        rows.getOrDefault(rejectedTable, 0L),
        rows.getOrDefault(repeatedTable, 0L),
        unconfirmed,
        refused,
        lost,
        twice,
        wrong,
        "%016x".formatted(fingerprint),
        "%016x".formatted(foundFingerprint),
        breaches.list().stream().map(Breach::sentence).toList());
  }

  static long hash(String id) {
    return ByteBuffer.wrap(EventIds.sha256(id.getBytes(StandardCharsets.UTF_8))).getLong();
  }
}
