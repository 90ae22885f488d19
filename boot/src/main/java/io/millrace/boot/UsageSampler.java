package io.millrace.boot;

import io.millrace.collect.Collector;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Notes what processes and the collector have done since it last looked. For one thread. */
final class UsageSampler {

  private static final Collector.Taken NOTHING = new Collector.Taken(0, 0, Duration.ZERO);

  private final DataDirectory data;
  private final Collector collector;
  private final Usage usage;
  private final Instant began = Instant.now();
  private final Map<Long, Duration> known = new HashMap<>();
  private Map<String, Collector.Taken> taken = Map.of();

  UsageSampler(DataDirectory data, Collector collector, Usage usage) {
    this.data = data;
    this.collector = collector;
    this.usage = usage;
  }

  void look() {
    for (ProcessState process : ProcessState.read(data.processes())) {
      ProcessHandle.of(process.pid())
          .filter(it -> process.pid() > 0)
          .ifPresent(it -> look(process.name(), it));
    }
    Map<String, Collector.Taken> now = collector.taken();
    now.forEach((stream, it) -> look(stream, taken.getOrDefault(stream, NOTHING), it));
    taken = now;
    usage.keep();
  }

  private void look(String name, ProcessHandle process) {
    process
        .info()
        .totalCpuDuration()
        .ifPresent(
            now -> {
              Duration before = known.put(process.pid(), now);
              Duration spent = before == null ? sinceItIsOurs(process, now) : now.minus(before);
              note(Usage.Kind.PROCESS, name, new Collector.Taken(0, 0, spent));
            });
  }

  /** What a process did before this server began was noted by the one before. */
  private Duration sinceItIsOurs(ProcessHandle process, Duration now) {
    boolean ours =
        process.pid() == ProcessHandle.current().pid()
            || process.info().startInstant().map(it -> it.isAfter(began)).orElse(false);
    return ours ? now : Duration.ZERO;
  }

  private void look(String stream, Collector.Taken before, Collector.Taken now) {
    note(
        Usage.Kind.COLLECT,
        stream,
        new Collector.Taken(
            now.events() - before.events(),
            now.bytes() - before.bytes(),
            now.cpu().minus(before.cpu())));
  }

  private void note(Usage.Kind kind, String name, Collector.Taken it) {
    if (!it.equals(NOTHING)) {
      usage.note(new Work(kind, name, it.events(), it.cpu(), it.bytes()));
    }
  }
}
