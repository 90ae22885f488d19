package io.millrace.testkit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * The process that {@link Broker} starts: formats the storage if it is new, starts Kafka, prints
 * {@value #READY}, and ends when its standard input does, so that it never outlives the tests.
 */
final class BrokerProcess {

  static final String READY = "broker ready";

  private BrokerProcess() {}

  public static void main(String[] args) throws IOException {
    Path settings = Path.of(args[0]);
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(settings)) {
      properties.load(reader);
    }
    PrintStream out = System.out;
    if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
      String[] format = {
        "format", "--config", settings.toString(), "--cluster-id", "AAAAAAAAAAAAAAAAAAAAAA",
      };
      if (StorageTool.execute(format, new PrintStream(out, true, StandardCharsets.UTF_8)) != 0) {
        throw new IOException("Cannot format " + properties.getProperty("log.dirs"));
      }
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
    server.startup();
    out.println(READY);
    while (System.in.read() >= 0) {
      // Nothing is ever said; the end of the input is the word to stop.
    }
    server.shutdown();
    server.awaitShutdown();
    System.exit(0);
  }
}
