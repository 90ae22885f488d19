package io.millrace.bench;

import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Verdict;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import io.millrace.testkit.Broker;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A broker with the shop's clicks on their topic, as the collector puts them there. Made once for a
 * folder, and read by every side. If a project has several streams of clicks, each gets some.
 *
 * @param project whose clicks they are
 * @param bytesPerEvent of JSON, on average
 * @param accepted the share that the contract accepts and that is no repeat
 */
record KafkaClicks(Project project, Broker broker, double bytesPerEvent, double accepted)
    implements AutoCloseable {

  private static final String FIGURES = "clicks.properties";

  /** Starts the broker, and fills it if it was never filled. */
  static KafkaClicks open(Project project, Path folder, Filling filling) throws IOException {
    Path made = folder.resolve(FIGURES);
    if (!Files.exists(made) && Files.exists(folder)) {
      Scrap.delete(folder);
    }
    Files.createDirectories(folder);
    Broker broker = Broker.start(folder);
    try {
      if (!Files.exists(made)) {
        System.out.printf("Making %,d clicks in %s%n", filling.events(), folder);
        Properties figures = new Clicks(project, broker.bootstrapServers(), filling).fill();
        try (Writer out = Files.newBufferedWriter(made)) {
          figures.store(out, null);
        }
      }
      Properties figures = new Properties();
      try (Reader in = Files.newBufferedReader(made)) {
        figures.load(in);
      }
      return new KafkaClicks(
          project,
          broker,
          Double.parseDouble(figures.getProperty("bytes_per_event")),
          Double.parseDouble(figures.getProperty("accepted")));
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** The same clicks, for a project that does something else with them. */
  KafkaClicks readBy(Project other) {
    return new KafkaClicks(other, broker, bytesPerEvent, accepted);
  }

  @Override
  public void close() {
    broker.stop();
  }

  private record Clicks(Project project, String kafka, Filling filling) {

    /** They differ by their names alone. */
    List<StreamContract> contracts() {
      return project.streams().values().stream()
          .filter(it -> it.name().startsWith(ClickProject.CLICKS))
          .toList();
    }

    Properties fill() {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
        List<NewTopic> topics = new ArrayList<>();
        for (StreamContract it : project.streams().values()) {
          topics.add(topic(it.topic(), it.topicPartitions()));
          topics.add(topic(it.rejectedTopic(), 1));
        }
        admin.createTopics(topics).all().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("Cannot make the topics: " + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Cannot go on: interrupted", e);
      }
      try (var producer = new KafkaProducer<byte[], byte[]>(ProducerSettings.of(kafka))) {
        return fill(producer);
      }
    }

    private NewTopic topic(String name, int partitions) {
      return new NewTopic(name, partitions, (short) 1)
          .configs(Map.of("message.timestamp.type", filling.timestampType(), "retention.ms", "-1"));
    }

    private Properties fill(KafkaProducer<byte[], byte[]> producer) {
      ShopTime time = filling.time();
      Shop shop = new Shop(1, ShopProfile.LIVE, time);
      List<StreamContract> contracts = contracts();
      StreamContract any = contracts.get(0);
      EventDecoder decoder = new EventDecoder(any, Settings.DEFAULTS.maxEventBytes());
      byte[] version = ByteBuffer.allocate(Integer.BYTES).putInt(any.version()).array();
      long bytes = 0;
      long accepted = 0;
      long sent = 0;
      for (long n = 0; sent < filling.events(); n++) {
        ShopEvent event = shop.next();
        if (event.stream() != ShopStream.CLICKS) {
          continue;
        }
        byte[] json = event.json();
        long received = time.microsAt(n);
        boolean whole = decoder.decode(json, 0, json.length, received) instanceof Verdict.Accepted;
        // The same key for all that break the contract, so that the check has them to find.
        byte[] key = whole ? key(decoder) : new byte[0];
        if (whole && HeavyVisitor.makes(event.idHigh(), filling.heavy())) {
          json = HeavyVisitor.click(json, decoder.row().offsetAt(decoder.keyPosition()));
          key = HeavyVisitor.key();
        }
        // Repeats have the same id, and come to the same topic.
        String topic = contracts.get(Math.floorMod(event.idLow(), contracts.size())).topic();
        var record = new ProducerRecord<>(topic, null, received / 1_000, key, json);
        record
            .headers()
            .add(
                new RecordHeader(
                    EventHeaders.RECEIVED,
                    ByteBuffer.allocate(Long.BYTES).putLong(received).array()))
            .add(new RecordHeader(EventHeaders.CONTRACT_VERSION, version));
        var unused = producer.send(record); // flushed when the producer is closed
        bytes += json.length;
        accepted += whole ? 1 : 0;
        sent++;
      }
      Properties figures = new Properties();
      figures.setProperty("bytes_per_event", Double.toString((double) bytes / sent));
      double unrepeated = 1 - ShopProfile.LIVE.repeated();
      figures.setProperty("accepted", Double.toString(unrepeated * accepted / sent));
      return figures;
    }

    private static byte[] key(EventDecoder decoder) {
      int position = decoder.keyPosition();
      int offset = decoder.row().offsetAt(position);
      return Arrays.copyOfRange(
          decoder.row().bytesAt(position), offset, offset + decoder.row().lengthAt(position));
    }
  }
}
