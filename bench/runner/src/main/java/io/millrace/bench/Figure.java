package io.millrace.bench;

import io.millrace.bench.Rival.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a contest came to.
 *
 * @param bench the contest
 * @param unit of all values
 * @param ours median
 * @param limit what no program of this shape could pass
 * @param memoryBytes ours, at the most
 */
record Figure(
    String bench,
    String work,
    String unit,
    double ours,
    Optional<Double> limit,
    long memoryBytes,
    List<Peer> peers) {

  Figure {
    peers = List.copyOf(peers);
  }

  /** What a user would take instead. */
  record Peer(String name, double value) {}

  static Figure of(
      Contest contest,
      String unit,
      Rounds rounds,
      Rival ours,
      Optional<Rival> limit,
      List<Rival> peers) {
    Measured mine = rounds.median(ours);
    return new Figure(
        contest.name(),
        contest.work(),
        unit,
        mine.value(),
        limit.map(it -> rounds.median(it).value()),
        mine.memoryBytes(),
        peers.stream().map(it -> new Peer(it.name(), rounds.median(it).value())).toList());
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", bench);
    json.put("unit", unit);
    json.put("ours", ours);
    json.put("limit", limit.orElse(null));
    json.put("memory_bytes", memoryBytes);
    List<Map<String, Object>> list = new ArrayList<>();
    for (Peer peer : peers) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", peer.name());
      each.put("value", peer.value());
      each.put("ratio", ours / peer.value());
      list.add(each);
    }
    json.put("peers", list);
    return json;
  }

  /** One line for each peer, and one for the limit. */
  static String table(List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    String line = "%-16s %12s %-10s %-28s %12s %8s%n";
    text.append(line.formatted("bench", "ours", "unit", "beside", "theirs", "ratio"));
    for (Figure it : figures) {
      for (Peer peer : it.peers) {
        text.append(it.line(line, peer.name(), peer.value()));
      }
      it.limit.ifPresent(limit -> text.append(it.line(line, "the limit", limit)));
      text.append("%-16s %s; memory %,d MB%n".formatted("", it.work, it.memoryBytes >> 20));
    }
    return text.toString();
  }

  private String line(String line, String name, double value) {
    return line.formatted(
        bench,
        number(ours),
        unit,
        name,
        number(value),
        String.format(Locale.ROOT, "%.2f", ours / value));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%,.2f" : "%,.0f", value);
  }
}
