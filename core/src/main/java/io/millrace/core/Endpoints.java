package io.millrace.core;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the processes of a running project listen, all on the loopback interface. {@code up} finds
 * free ports, writes this file before it starts the processes, and removes it when it ends.
 *
 * @param kafka bootstrap servers of the broker, {@code host:port[,host:port]}
 * @param server port of the collector, the API and the console
 * @param controller port of the embedded broker's controller; 0 with an external Kafka
 * @param brokerMetrics port of the broker's {@code /metrics}; 0 with an external Kafka
 * @param streamMetrics port of the stream's {@code /metrics}, 0 if a Flink cluster runs it; the
 *     server has its own under {@code server}
 */
public record Endpoints(
    String kafka, int server, int controller, int brokerMetrics, int streamMetrics) {

  public String serverUrl() {
    return "http://127.0.0.1:" + server;
  }

  /** The port of the first server of Kafka. */
  public int kafkaPort() {
    String first = kafka.split(",", 2)[0];
    return Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
  }

  /** Replaces the file in one step, so that a reader sees the old one or the new one whole. */
  public void write(Path file) {
    String text =
        "kafka=%s\nserver=%d\ncontroller=%d\nbroker.metrics=%d\nstream.metrics=%d\n"
            .formatted(kafka, server, controller, brokerMetrics, streamMetrics);
    WholeFile.replace(file, text);
  }

  /** The endpoints of the project that runs on this data directory, if one does. */
  public static Optional<Endpoints> find(Path file) {
    return WholeFile.find(
        file,
        values ->
            new Endpoints(
                values.getProperty("kafka"),
                Integer.parseInt(values.getProperty("server")),
                Integer.parseInt(values.getProperty("controller")),
                Integer.parseInt(values.getProperty("broker.metrics")),
                Integer.parseInt(values.getProperty("stream.metrics"))));
  }
}
