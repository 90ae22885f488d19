package io.millrace.boot;

import io.millrace.collect.Collector;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notes what processes and the collector have done since it last looked. For one thread. */
final class UsageSampler {

  private static final Collector.Taken NOTHING = new Collector.Taken(0, 0, Duration.ZERO);

  private final DataDirectory data;
  private final Collector collector;
  private final Usage usage;
  private Map<String, Collector.Taken> taken = Map.of();

  UsageSampler(DataDirectory data, Collector collector, Usage usage) {
    this.data = data;
    this.collector = collector;
    this.usage = usage;
  }

  void look() {
    List<Usage.Running> running = new ArrayList<>();
    for (ProcessState process : ProcessState.read(data.processes())) {
      ProcessHandle.of(process.pid())
          .filter(it -> process.pid() > 0)
          .flatMap(it -> used(process.name(), it))
          .ifPresent(running::add);
    }
    usage.keepProcesses(running);
    Map<String, Collector.Taken> now = collector.taken();
    now.forEach((stream, it) -> look(stream, taken.getOrDefault(stream, NOTHING), it));
    taken = now;
    usage.keep();
  }

  private static Optional<Usage.Running> used(String name, ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    return info.startInstant()
        .flatMap(
            started ->
                info.totalCpuDuration()
                    .map(cpu -> new Usage.Running(name, process.pid(), started, cpu)));
  }

  private void look(String stream, Collector.Taken before, Collector.Taken now) {
    if (!now.equals(before)) {
      usage.note(
          new Work(
              Usage.Kind.COLLECT,
              stream,
              now.events() - before.events(),
              now.cpu().minus(before.cpu()),
              now.bytes() - before.bytes()));
    }
  }
}
