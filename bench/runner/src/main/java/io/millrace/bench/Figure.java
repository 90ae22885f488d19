package io.millrace.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a contest came to.
 *
 * @param bench its name
 * @param unit of all values
 * @param ours median
 * @param limit what no program of this shape could pass
 * @param memoryBytes ours, at the most
 * @param bars what it must reach, and whether it did
 */
record Figure(
    String bench,
    String work,
    String unit,
    double ours,
    Optional<Double> limit,
    long memoryBytes,
    List<Peer> peers,
    List<Bar> bars) {

  Figure {
    peers = List.copyOf(peers);
    bars = List.copyOf(bars);
  }

  /** What a user would take instead. */
  record Peer(String name, double value) {}

  /**
   * What must hold.
   *
   * @param must in words: {@code at least 116 MB/s}
   */
  record Bar(String must, boolean met) {}

  /**
   * The medians of a figure, with no bars yet.
   *
   * @param name of the figure, as sides report it
   * @param work in one line
   */
  static Figure of(
      String name,
      String work,
      String unit,
      Rounds rounds,
      Rival ours,
      Optional<Rival> limit,
      List<Rival> peers) {
    return of(name, work, unit, rounds, it -> rounds.median(it, name), ours, limit, peers);
  }

  /**
   * The same of another value.
   *
   * @param value of a side
   */
  static Figure of(
      String name,
      String work,
      String unit,
      Rounds rounds,
      ToDoubleFunction<Rival> value,
      Rival ours,
      Optional<Rival> limit,
      List<Rival> peers) {
    return new Figure(
        name,
        work,
        unit,
        value.applyAsDouble(ours),
        limit.map(value::applyAsDouble),
        rounds.memoryBytes(ours),
        peers.stream().map(it -> new Peer(it.name(), value.applyAsDouble(it))).toList(),
        List.of());
  }

  Figure atLeast(double value) {
    return with("at least %s %s".formatted(number(value), unit), ours >= value);
  }

  Figure atMost(double value) {
    return with("at most %s %s".formatted(number(value), unit), ours <= value);
  }

  Figure atLeast(double times, Rival peer) {
    return with("at least %s of %s".formatted(share(times), peer.name()), ratio(peer) >= times);
  }

  Figure atMost(double times, Rival peer) {
    return with("at most %s of %s".formatted(share(times), peer.name()), ratio(peer) <= times);
  }

  Figure atLeastOfLimit(double times) {
    return with(
        "at least %s of the limit".formatted(share(times)), ours / limit.orElseThrow() >= times);
  }

  private Figure with(String must, boolean met) {
    List<Bar> more = new ArrayList<>(bars);
    more.add(new Bar(must, met));
    return new Figure(bench, work, unit, ours, limit, memoryBytes, peers, more);
  }

  private double ratio(Rival rival) {
    return ours
        / peers.stream()
            .filter(it -> it.name().equals(rival.name()))
            .findFirst()
            .orElseThrow()
            .value();
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
    List<Map<String, Object>> musts = new ArrayList<>();
    for (Bar bar : bars) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("must", bar.must());
      each.put("met", bar.met());
      musts.add(each);
    }
    json.put("bars", musts);
    return json;
  }

  /** One line for each peer, one for the limit, and one for each bar. */
  static String table(List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    String line = "%-24s %12s %-10s %-20s %12s %8s%n";
    text.append(line.formatted("bench", "ours", "unit", "beside", "theirs", "ratio"));
    for (Figure it : figures) {
      for (Peer peer : it.peers) {
        text.append(it.line(line, peer.name(), peer.value()));
      }
      it.limit.ifPresent(limit -> text.append(it.line(line, "the limit", limit)));
      for (Bar bar : it.bars) {
        text.append(
            "%-24s must be %s: %s%n".formatted("", bar.must(), bar.met() ? "met" : "NOT met"));
      }
      text.append("%-24s %s; memory %,d MB%n".formatted("", it.work, it.memoryBytes >> 20));
    }
    return text.toString();
  }

  private String line(String line, String name, double value) {
    return line.formatted(bench, number(ours), unit, name, number(value), share(ours / value));
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%,.2f" : "%,.0f", value);
  }
}
