package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.event.EventHeaders;
import io.millrace.testkit.Broker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays on a real broker. */
class ReplaysTest {

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private ReplayedTopic topic;
  private Replays replays;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    topic = ReplayedTopic.make(folder, broker);
    replays = topic.replays();
  }

  @Test
  void sendsWhatTheContractAcceptsNowAndLeavesTheRest() {
    List<RejectedEvent> events =
        List.of(
            ReplayedTopic.rejected(0, "not_allowed", Clicks.good(0)),
            ReplayedTopic.rejected(1, "wrong_type", Clicks.bad(1)),
            ReplayedTopic.rejected(2, "wrong_type", Clicks.good(2)));

    Map<Judged, Long> planned = replays.plan("clicks", events.iterator());
    assertThat(topic.records()).isEmpty();
    Map<Judged, Long> sent = replays.send("clicks", events.iterator(), progress -> {});

    assertThat(sent)
        .isEqualTo(planned)
        .isEqualTo(
            Map.of(
                new Judged("not_allowed", "accepted"), 1L,
                new Judged("wrong_type", "accepted"), 1L,
                new Judged("wrong_type", "wrong_type"), 1L));
    assertThat(topic.origins())
        .containsExactlyInAnyOrder("clicks.rejected/0/0", "clicks.rejected/0/2");
  }

  @Test
  void aReplayedEventKeepsItsBytesItsKeyAndWhenItWasReceived() {
    replays.send(
        "clicks",
        List.of(ReplayedTopic.rejected(7, "not_allowed", Clicks.good(7))).iterator(),
        progress -> {});

    ConsumerRecord<byte[], byte[]> record = topic.records().get(0);
    assertThat(new String(record.value(), UTF_8)).isEqualTo(Clicks.good(7));
    assertThat(new String(record.key(), UTF_8)).isEqualTo("u7");
    assertThat(
            ByteBuffer.wrap(record.headers().lastHeader(EventHeaders.RECEIVED).value()).getLong())
        .isEqualTo(ReplayedTopic.RECEIVED_MICROS);
    assertThat(
            ByteBuffer.wrap(record.headers().lastHeader(EventHeaders.CONTRACT_VERSION).value())
                .getInt())
        .isEqualTo(Clicks.CONTRACT.version());
    assertThat(new String(record.headers().lastHeader(EventHeaders.REPLAYED_FROM).value(), UTF_8))
        .isEqualTo("clicks.rejected/0/7");
  }

  @Test
  void aSecondReplaySendsOnlyWhatIsNew() {
    replays.send("clicks", ReplayedTopic.rejected(0, 5).iterator(), progress -> {});
    Map<Judged, Long> again =
        replays.send("clicks", ReplayedTopic.rejected(0, 8).iterator(), progress -> {});

    assertThat(again)
        .isEqualTo(
            Map.of(
                new Judged("not_allowed", "replayed"), 5L,
                new Judged("not_allowed", "accepted"), 3L));
    assertThat(topic.origins()).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void whatWasSentIsKnownEvenIfTheListDoesNotHaveIt() {
    replays.send("clicks", ReplayedTopic.rejected(0, 2_500).iterator(), progress -> {});
    topic.forgetFrom(1_700);

    Map<Judged, Long> again =
        replays.send("clicks", ReplayedTopic.rejected(0, 2_500).iterator(), progress -> {});

    assertThat(again).isEqualTo(Map.of(new Judged("not_allowed", "replayed"), 2_500L));
    assertThat(topic.origins()).hasSize(2_500).doesNotHaveDuplicates();
  }

  @Test
  void aReplayThatIsCutOffGoesOnWhereItWas() {
    List<RejectedEvent> events = ReplayedTopic.rejected(0, 3_000);
    assertThatThrownBy(() -> replays.send("clicks", failingAfter(1_500, events), progress -> {}))
        .hasMessage("the reader is gone");
    assertThat(topic.origins()).hasSize(Replays.BATCH_EVENTS);

    replays.send("clicks", events.iterator(), progress -> {});
    assertThat(topic.origins()).hasSize(3_000).doesNotHaveDuplicates();
  }

  private static Iterator<RejectedEvent> failingAfter(int count, List<RejectedEvent> events) {
    Iterator<RejectedEvent> all = events.iterator();
    int[] given = {0};
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public RejectedEvent next() {
        if (given[0]++ == count) {
          throw new IllegalStateException("the reader is gone");
        }
        return all.next();
      }
    };
  }

  @Test
  void aReplayThatWasTakenOverSendsNothingMore() {
    // Another server of the project, while this one was thought dead.
    Replays other = topic.replays();
    List<RejectedEvent> events = ReplayedTopic.rejected(0, 3_000);

    assertThatThrownBy(
            () ->
                replays.send(
                    "clicks",
                    events.iterator(),
                    progress ->
                        other.send("clicks", events.subList(0, 1_500).iterator(), more -> {})))
        .isInstanceOf(MillraceException.class)
        .hasMessage("Cannot go on with this replay of 'clicks': another one has begun");
    assertThat(topic.origins()).hasSize(1_500).doesNotHaveDuplicates();

    other.send("clicks", events.iterator(), progress -> {});
    assertThat(topic.origins()).hasSize(3_000).doesNotHaveDuplicates();
  }

  @Test
  void oneReplayOfAStreamRunsAtATime() {
    List<RejectedEvent> events = ReplayedTopic.rejected(0, Replays.BATCH_EVENTS);
    Iterator<RejectedEvent> asksForAnother =
        events.stream()
            .filter(
                event ->
                    CompletableFuture.supplyAsync(
                            () -> replays.plan("clicks", Collections.emptyIterator()))
                        .join()
                        .isEmpty())
            .iterator();

    assertThatThrownBy(() -> replays.send("clicks", asksForAnother, progress -> {}))
        .hasRootCauseMessage(
            "Cannot replay 'clicks': a replay of it is running; try again when it has ended");
  }
}
