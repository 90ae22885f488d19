package io.millrace.core;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * {@code GET /metrics} of one process on the loopback interface, in Prometheus's text format: its
 * own meters, the Java machine, and Kafka's beans where there are some.
 */
public final class MetricsEndpoint {

  /** A number that a library shows over JMX, and the name it has here. */
  private record Bean(String name, String kind, String help, String object, String attribute) {}

  private static final List<Bean> BEANS =
      List.of(
          new Bean(
              "kafka_messages_in_total",
              "counter",
              "Records the broker took.",
              "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec",
              "Count"),
          new Bean(
              "kafka_bytes_in_total",
              "counter",
              "Bytes the broker took.",
              "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec",
              "Count"),
          new Bean(
              "kafka_bytes_out_total",
              "counter",
              "Bytes the broker gave to consumers.",
              "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec",
              "Count"),
          new Bean(
              "kafka_failed_produce_requests_total",
              "counter",
              "Produce requests the broker refused.",
              "kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec",
              "Count"),
          new Bean(
              "kafka_under_replicated_partitions",
              "gauge",
              "Partitions with fewer replicas in sync than they should have.",
              "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
              "Value"),
          new Bean(
              "kafka_offline_partitions",
              "gauge",
              "Partitions without a leader.",
              "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
              "Value"),
          new Bean(
              "process_cpu_nanoseconds_total",
              "counter",
              "CPU time this process has used.",
              "java.lang:type=OperatingSystem",
              "ProcessCpuTime"),
          new Bean(
              "process_open_files",
              "gauge",
              "Files and sockets this process holds open.",
              "java.lang:type=OperatingSystem",
              "OpenFileDescriptorCount"));

  private MetricsEndpoint() {}

  /** Serves until the process ends; its threads do not keep the process alive. */
  static void start(int port, Meters meters) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] body = text(meters).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, body.length);
          try (exchange) {
            exchange.getResponseBody().write(body);
          }
        });
    // The server's own thread inherits being a daemon from the thread that starts it.
    Daemons.thread("metrics", server::start).start();
  }

  /** The whole answer, also for a process that serves it by other means. */
  public static String text(Meters meters) {
    Meters machine = new Meters();
    memory(machine);
    for (GarbageCollectorMXBean it : ManagementFactory.getGarbageCollectorMXBeans()) {
      String[] label = {"collector", it.getName()};
      machine
          .counter("jvm_gc_runs_total", "Garbage collections.", label)
          .add(it.getCollectionCount());
      machine
          .counter("jvm_gc_milliseconds_total", "Time spent collecting garbage.", label)
          .add(it.getCollectionTime());
    }
    machine.gauge(
        "jvm_threads", "Live threads.", ManagementFactory.getThreadMXBean()::getThreadCount);
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    machine.gauge(
        "system_load_1m", "The machine's load over a minute.", system::getSystemLoadAverage);
    return meters.prometheus() + machine.prometheus() + beans();
  }

  private static void memory(Meters machine) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    String used = "Memory in use by the Java machine.";
    machine.gauge("jvm_memory_used_bytes", used, heap::getUsed, "area", "heap");
    machine.gauge("jvm_memory_used_bytes", used, other::getUsed, "area", "nonheap");
    machine.gauge("jvm_memory_max_bytes", "The limit of the heap.", heap::getMax, "area", "heap");
    for (MemoryPoolMXBean it : ManagementFactory.getMemoryPoolMXBeans()) {
      // Of the heap's pools, that of the old generation alone has a threshold of usage.
      if (it.getType() == MemoryType.HEAP && it.isUsageThresholdSupported()) {
        machine.gauge(
            "jvm_memory_live_bytes",
            "What the last collection of the old generation left there; 0 before the first.",
            it.getCollectionUsage()::getUsed);
      }
    }
    for (BufferPoolMXBean it : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      machine.gauge(
          "jvm_buffers_used_bytes",
          "Memory in buffers outside the heap.",
          it::getMemoryUsed,
          "pool",
          it.getName());
    }
  }

  private static String beans() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    StringBuilder text = new StringBuilder();
    for (Bean it : BEANS) {
      try {
        Object value = server.getAttribute(new ObjectName(it.object()), it.attribute());
        text.append(
            "# HELP %s %s\n# TYPE %s %s\n%s %s\n"
                .formatted(it.name(), it.help(), it.name(), it.kind(), it.name(), value));
      } catch (MalformedObjectNameException e) {
        throw new IllegalStateException(e);
      } catch (JMException e) {
        // Not every process is a broker, nor every system one that counts open files.
      }
    }
    return text.toString();
  }
}
