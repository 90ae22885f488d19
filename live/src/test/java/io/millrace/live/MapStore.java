package io.millrace.live;

import io.millrace.event.LiveRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Keeps rows in a map: what a store has to do, with nothing of how it is done. */
final class MapStore implements LiveStore {

  private final Map<String, LiveRow> rows = new TreeMap<>();
  private LivePosition position = LivePosition.NONE;

  @Override
  public Applied apply(List<LiveRow> batch, LivePosition behind) {
    long taken = 0;
    for (LiveRow row : batch) {
      LiveRow held = rows.get(row.key());
      if (held == null || row.version().compareTo(held.version()) >= 0) {
        rows.put(row.key(), row);
        taken++;
      }
    }
    position = behind;
    return new Applied(taken, batch.size() - taken);
  }

  @Override
  public LivePosition position() {
    return position;
  }

  @Override
  public Optional<LiveRow> find(String key) {
    return Optional.ofNullable(rows.get(key)).filter(row -> row.json().isPresent());
  }

  @Override
  public void forEach(Consumer<LiveRow> taker) {
    rows.values().stream().filter(row -> row.json().isPresent()).forEach(taker);
  }

  @Override
  public void close() {}
}
