package io.millrace.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.Meters;
import io.millrace.core.Row;
import io.millrace.event.LiveRow;
import io.millrace.testkit.Broker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveStreamTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private PlayedSales sales;
  private LiveValues values;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeProject() throws Exception {
    sales = new PlayedSales(folder, broker.bootstrapServers());
    values = values();
  }

  @AfterEach
  void stop() {
    values.close();
    sales.close();
  }

  private LiveValues values() {
    return new LiveValues(
        sales.project, sales.data, sales.lake, broker.bootstrapServers(), new Meters());
  }

  private LiveStream start() {
    values.start();
    return values.find(sales.name()).orElseThrow();
  }

  private LiveStream restart() {
    values.close();
    values = values();
    return start();
  }

  private static Map<String, LiveRow> rows(LiveStream live) {
    Map<String, LiveRow> rows = new TreeMap<>();
    live.forEach(row -> rows.put(row.key(), row));
    return rows;
  }

  private void awaitFollowed(LiveStream live, Map<Integer, Long> ends) {
    assertThat(live.awaitFollowed(ends, PATIENCE)).isTrue();
  }

  @Test
  void beforeTheyAreFilledTheyCannotBeRead() {
    LiveStream live = values.find(sales.name()).orElseThrow();
    assertThatThrownBy(() -> live.find("ann"))
        .hasMessage(
            "Cannot read the live values of '%s': they are being filled from bronze.%s; try again later"
                .formatted(sales.name(), sales.name()));
    assertThat(values.find("other")).isEmpty();
  }

  @Test
  void theyAreFilledFromBronzeAndFollowTheTopicFromThereOn() throws Exception {
    Row old = sales.sale("ann", 100, 0);
    Row newer = sales.sale("ann", 200, 1);
    Row bob = sales.sale("bob", 100, 2);
    sales.commit(0, 3, newer, old, bob);
    LiveStream live = start();
    Row told = sales.sale("bob", 300, 3);
    Row late = sales.sale("ann", 150, 4);

    awaitFollowed(live, sales.tell(sales.live(told), sales.live(late), sales.live(told)));

    assertThat(rows(live)).isEqualTo(Map.of("ann", sales.live(newer), "bob", sales.live(told)));
    LiveStream again = restart();
    awaitFollowed(again, Map.of(0, 3L));
    assertThat(rows(again)).containsEntry("bob", sales.live(told));
  }

  @Test
  void whatTheTopicSaysOfOffsetsThatBronzeHadDecidedIsPassedOver() throws Exception {
    sales.tell(sales.live(sales.sale("eve", 900, 0)), sales.live(sales.sale("ann", 100, 1)));
    sales.tellNonsense();
    sales.commit(0, 2, sales.sale("ann", 100, 1));
    LiveStream live = start();

    awaitFollowed(live, sales.tell(sales.live(sales.sale("bob", 100, 2))));

    assertThat(rows(live)).containsOnlyKeys("ann", "bob");
  }

  @Test
  void theyAreFilledAgainWhenTheirFolderIsGoneOrTheTopicHasLostWhatComesNext() throws Exception {
    LiveStream live = start();
    awaitFollowed(live, sales.tell(sales.live(sales.sale("ann", 100, 0))));
    values.close();
    sales.commit(0, 2, sales.sale("ann", 100, 0), sales.sale("bob", 100, 1));
    Map<Integer, Long> ends = sales.tell(sales.live(sales.sale("bob", 100, 1)));
    sales.lose(ends.get(0));

    live = restart();
    awaitFollowed(live, ends);
    assertThat(rows(live)).containsOnlyKeys("ann", "bob");

    values.close();
    LiveFolder.delete(sales.data.live());
    live = restart();
    awaitFollowed(live, ends);
    assertThat(rows(live)).containsOnlyKeys("ann", "bob");
  }

  @Test
  void theyAreFilledAgainWhenTheyCannotBeOpened() throws Exception {
    LiveStream live = start();
    sales.commit(0, 1, sales.sale("ann", 100, 0));
    awaitFollowed(live, sales.tell(sales.live(sales.sale("ann", 100, 0))));
    values.close();
    Path damaged;
    try (Stream<Path> files = Files.walk(sales.data.live())) {
      damaged = files.filter(it -> it.endsWith("CURRENT")).findFirst().orElseThrow();
    }
    Files.writeString(damaged, "no manifest\n");

    live = restart();
    assertThat(live.refill(PATIENCE)).isTrue();
    assertThat(rows(live)).containsOnlyKeys("ann");
    assertThat(damaged).doesNotExist();
  }

  @Test
  void afterARefillNothingIsLeftOfWhatBronzeNoLongerHas() throws Exception {
    Row ann = sales.sale("ann", 100, 0);
    LiveStream live = start();
    // Bronze never got the first: as if it had been erased there since.
    awaitFollowed(live, sales.tell(sales.live(sales.sale("eve", 100, 0)), sales.live(ann)));
    assertThat(rows(live)).containsOnlyKeys("ann", "eve");
    sales.commit(0, 2, sales.sale("ann", 100, 1));

    assertThat(live.refill(PATIENCE)).isTrue();
    awaitFollowed(live, sales.tell(sales.live(sales.sale("eve", 100, 0))));

    assertThat(rows(live)).containsOnlyKeys("ann");
    try (var folders = Files.list(sales.data.live().resolve(sales.name()))) {
      assertThat(folders).hasSize(1);
    }
  }

  @Test
  void thoseOfStreamsThatNoLongerKeepThemGo() throws Exception {
    Path other = Files.createDirectories(sales.data.live().resolve("gone/1"));
    LiveStream live = start();
    awaitFollowed(live, sales.tell(sales.live(sales.sale("ann", 100, 0))));
    assertThat(other.getParent()).doesNotExist();
  }
}
