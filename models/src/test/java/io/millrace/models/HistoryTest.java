package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Limits;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.models.PlainHistory.Said;
import io.millrace.models.PlainHistory.Version;
import io.millrace.project.Dimension;
import io.millrace.project.Dimension.Columns;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.Dimension.Kind;
import io.millrace.project.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SELECT of a history against loops in plain Java, over random changes. */
class HistoryTest {

  private static final int HISTORIES = 60;
  private static final int DAYS = 12;
  private static final int GUESSED = 9;

  /** Is there all the time, so that there is a snapshot of every day. */
  private static final Said ALWAYS = new Said("always", 0, 0, 0, false, 0);

  @TempDir Path folder;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() {
    workshop = new Workshop(new TreeMap<>(), Limits.ofBuilds(Settings.DEFAULTS), folder);
  }

  @AfterEach
  void closeWorkshop() {
    workshop.close();
  }

  static Dimension dimension(
      Kind kind, Optional<Columns> check, HardDeletes deletes, Optional<String> recordedAt) {
    return new Dimension(
        kind,
        List.of("k"),
        Optional.of("since"),
        Optional.empty(),
        check,
        deletes == HardDeletes.IGNORE ? Optional.empty() : Optional.of("gone"),
        deletes,
        recordedAt,
        kind == Kind.SCD3 ? List.of("a", "b") : List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static Dimension ofSnapshots(Optional<Columns> check, HardDeletes deletes) {
    return new Dimension(
        Kind.SNAPSHOT,
        List.of("k"),
        check.isPresent() ? Optional.empty() : Optional.of("since"),
        Optional.of("taken"),
        check,
        Optional.empty(),
        deletes,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static final List<HardDeletes> DELETES = List.of(HardDeletes.values());

  private static final List<Optional<Columns>> STRATEGIES =
      List.of(
          Optional.empty(),
          Optional.of(new Columns(List.of())),
          Optional.of(new Columns(List.of("a"))));

  private static List<Said> random(Random dice, boolean deletes) {
    List<Said> said = new ArrayList<>(List.of(ALWAYS));
    int rows = dice.nextInt(60);
    for (int i = 0; i < rows; i++) {
      said.add(
          new Said(
              "k" + dice.nextInt(4),
              dice.nextInt(3),
              dice.nextInt(2),
              dice.nextInt(DAYS),
              deletes && dice.nextInt(4) == 0,
              dice.nextInt(DAYS)));
    }
    return said;
  }

  static Set<List<Object>> rows(String sql, String columns, Workbench bench) {
    Set<List<Object>> found = new HashSet<>();
    try (Rows rows = bench.rows("SELECT " + columns + " FROM (" + sql + ")")) {
      while (rows.next()) {
        assertThat(found.add(rows.values())).as("each row once: %s", rows.values()).isTrue();
      }
    }
    return found;
  }

  /** The rows as a SELECT of the columns that the dimension knows. */
  private static String sql(List<Said> said, Dimension dimension) {
    String columns =
        "k, a, b, since"
            + dimension.deleted().map(it -> ", gone").orElse("")
            + dimension.recordedAt().map(it -> ", known").orElse("")
            + dimension.inferred().map(it -> ", guess").orElse("");
    return said.stream()
        .map(
            it ->
                "('%s', %d, %d, %d, %s, %d, %s)"
                    .formatted(
                        it.key(), it.a(), it.b(), it.since(), it.gone(), it.known(), it.guess()))
        .collect(
            Collectors.joining(
                ", ",
                "SELECT " + columns + " FROM (VALUES ",
                ") AS t(k, a, b, since, gone, known, guess)"));
  }

  private static String history(List<Said> said, Dimension dimension) {
    return dimension.select(sql(said, dimension));
  }

  private static String ends(HardDeletes deletes) {
    return switch (deletes) {
      case IGNORE -> "false";
      case INVALIDATE -> "was_deleted";
      case NEW_RECORD -> "is_deleted";
    };
  }

  private static Set<List<Object>> asRows(List<Version> versions) {
    return versions.stream().map(Version::values).collect(Collectors.toSet());
  }

  @Test
  void isWhatALoopOverTheChangesFindsInWhateverOrderTheyCome() {
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        Random dice = new Random(seed);
        HardDeletes deletes = DELETES.get(seed % 3);
        Optional<Columns> check = STRATEGIES.get(dice.nextInt(3));
        List<Said> said = random(dice, deletes != HardDeletes.IGNORE);
        Dimension dimension = dimension(Kind.SNAPSHOT, check, deletes, Optional.empty());
        Set<List<Object>> expected =
            asRows(PlainHistory.versions(said, check.map(Columns::names), deletes));
        for (int shuffle = 0; shuffle < 2; shuffle++) {
          assertThat(
                  rows(
                      history(said, dimension),
                      "k, a, b, valid_from, valid_to, " + ends(deletes),
                      bench))
              .as("seed %d", seed)
              .isEqualTo(expected);
          Collections.shuffle(said, dice);
        }
      }
    }
  }

  @Test
  void isTheSameFromFullSnapshots() {
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        Random dice = new Random(seed);
        HardDeletes deletes = DELETES.get(seed % 3);
        Optional<Columns> check = STRATEGIES.get(dice.nextInt(3));
        List<Said> said = random(dice, deletes != HardDeletes.IGNORE);
        String snapshots =
            IntStream.range(0, DAYS)
                .boxed()
                .flatMap(
                    day ->
                        PlainHistory.at(day, said).stream()
                            .map(
                                it ->
                                    "('%s', %d, %d, %d, %d)"
                                        .formatted(it.key(), it.a(), it.b(), it.since(), day)))
                .collect(
                    Collectors.joining(
                        ", ",
                        "SELECT k, a, b, since, taken FROM (VALUES ",
                        ") AS t(k, a, b, since, taken)"));
        Dimension ofSnapshots = ofSnapshots(check, deletes);
        String select = check.isPresent() ? snapshots.replaceFirst("since, ", "") : snapshots;
        // Of columns that are not compared, the first snapshot has another row than the changes.
        String columns =
            check.map(it -> it.names().isEmpty() ? "k, a, b" : "k, a").orElse("k, a, b");
        columns += ", valid_from, valid_to, " + ends(deletes);
        assertThat(rows(ofSnapshots.select(select), columns, bench))
            .as("seed %d", seed)
            .isEqualTo(
                rows(
                    history(said, dimension(Kind.SNAPSHOT, check, deletes, Optional.empty())),
                    columns,
                    bench));
      }
    }
  }

  @Test
  void knowsWhatWasKnownAtEachMoment() {
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        Random dice = new Random(seed);
        HardDeletes deletes = DELETES.get(seed % 3);
        Optional<Columns> check = STRATEGIES.get(dice.nextInt(3));
        List<Said> said = random(dice, deletes != HardDeletes.IGNORE);
        bench.temporary(
            "history",
            history(said, dimension(Kind.SNAPSHOT, check, deletes, Optional.of("known"))));
        for (int moment = 0; moment < DAYS; moment++) {
          int until = moment;
          List<Said> known = said.stream().filter(it -> it.known() <= until).toList();
          assertThat(rows(asWas(moment), "k, a, b, valid_from, valid_to, " + ends(deletes), bench))
              .as("seed %d, moment %d", seed, moment)
              .isEqualTo(asRows(PlainHistory.recorded(known, check.map(Columns::names), deletes)));
        }
      }
    }
  }

  private static String asWas(int moment) {
    return "SELECT * FROM build.history WHERE recorded_from <= %d AND (recorded_to IS NULL OR %d < recorded_to)"
        .formatted(moment, moment);
  }

  @Test
  void newestAndPreviousValuesAreThoseOfTheHistory() {
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        Random dice = new Random(seed);
        HardDeletes deletes = DELETES.get(seed % 3);
        boolean keeps = deletes == HardDeletes.NEW_RECORD;
        List<Said> said = random(dice, deletes != HardDeletes.IGNORE);
        Optional<Columns> all = Optional.of(new Columns(List.of()));
        List<Version> newest =
            PlainHistory.versions(said, Optional.of(List.of()), deletes).stream()
                .filter(it -> it.to() == null)
                .toList();
        String columns = "k, a, b, valid_from" + (keeps ? ", is_deleted" : ", false");

        assertThat(
                rows(
                    history(said, dimension(Kind.SCD1, all, deletes, Optional.empty())),
                    columns,
                    bench))
            .as("seed %d", seed)
            .isEqualTo(
                newest.stream()
                    .map(
                        it ->
                            List.<Object>of(
                                it.key(), it.a(), it.b(), it.from(), keeps && it.deleted()))
                    .collect(Collectors.toSet()));
        assertThat(
                rows(
                    history(said, dimension(Kind.SCD3, all, deletes, Optional.empty())),
                    "k, a, b, previous_a, previous_b",
                    bench))
            .as("seed %d", seed)
            .isEqualTo(
                newest.stream()
                    .map(it -> PlainHistory.withPrevious(it, said))
                    .collect(Collectors.toSet()));
      }
    }
  }

  /** With some of the rows made mentions, whose values are told apart by what they have for a. */
  private static List<Said> withMentions(List<Said> said, Random dice) {
    return said.stream()
        .map(
            it ->
                dice.nextInt(3) == 0
                    ? new Said(it.key(), GUESSED, 0, it.since(), false, it.known(), true)
                    : it)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  static Dimension inferring(Dimension it) {
    return new Dimension(
        it.kind(),
        it.uniqueKey(),
        it.updatedAt(),
        it.takenAt(),
        it.checkCols(),
        it.deleted(),
        it.hardDeletes(),
        it.recordedAt(),
        it.previous(),
        Optional.of("guess"),
        Optional.of("number"));
  }

  @Test
  void whatIsSaidFirstIsSoSinceTheKeyWasMentioned() {
    String columns = "k, a, b, valid_from, valid_to, ";
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        Random dice = new Random(seed);
        HardDeletes deletes = DELETES.get(seed % 3);
        Optional<Columns> check = STRATEGIES.get(dice.nextInt(3));
        List<Said> said = withMentions(random(dice, deletes != HardDeletes.IGNORE), dice);
        Dimension plain = inferring(dimension(Kind.SNAPSHOT, check, deletes, Optional.empty()));
        String history = history(said, plain);
        assertThat(rows(history, columns + ends(deletes), bench))
            .as("seed %d", seed)
            .isEqualTo(asRows(PlainHistory.versions(said, check.map(Columns::names), deletes)));
        Set<List<Object>> numbered = rows(history, "number, k, valid_from", bench);
        assertThat(numbered).allMatch(row -> (Long) row.get(0) >= 0);
        assertThat(numbered.stream().map(row -> row.get(0)).distinct()).hasSize(numbered.size());
        assertThat(rows("SELECT DISTINCT guess = (a = 9) FROM (" + history + ")", "*", bench))
            .containsExactly(List.of(true));

        bench.temporary(
            "history",
            history(
                said, inferring(dimension(Kind.SNAPSHOT, check, deletes, Optional.of("known")))));
        for (int moment = 0; moment < DAYS; moment++) {
          int until = moment;
          List<Said> known = said.stream().filter(it -> it.known() <= until).toList();
          assertThat(rows(asWas(moment), columns + ends(deletes), bench))
              .as("seed %d, moment %d", seed, moment)
              .isEqualTo(asRows(PlainHistory.recorded(known, check.map(Columns::names), deletes)));
        }
      }
    }
  }

  @Test
  void aVersionHasTheSameNumberWhereverItIsComputed() throws NoSuchAlgorithmException {
    byte[] hash =
        MessageDigest.getInstance("MD5").digest("[\"k1\",\"3\"]".getBytes(StandardCharsets.UTF_8));
    long number = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong(Long.BYTES) >>> 1;
    Dimension dimension =
        inferring(dimension(Kind.SNAPSHOT, Optional.empty(), HardDeletes.IGNORE, Optional.empty()));
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      for (List<Said> said :
          List.of(
              List.of(new Said("k1", 1, 1, 3, false, 0)),
              List.of(
                  new Said("k1", 2, 2, 5, false, 0), new Said("k1", GUESSED, 0, 3, false, 0, true)),
              List.of(new Said("k1", GUESSED, 0, 3, false, 0, true)))) {
        assertThat(rows(history(said, dimension), "number", bench))
            .containsExactly(List.of(number));
      }
    }
  }

  /** As the guide has it. */
  @Test
  void aLateRowSplitsTheVersionItFallsInto() {
    Dimension prices =
        new Dimension(
            Kind.SNAPSHOT,
            List.of("product"),
            Optional.of("changed_at"),
            Optional.empty(),
            Optional.of(new Columns(List.of("price"))),
            Optional.of("discontinued"),
            HardDeletes.INVALIDATE,
            Optional.of("received"),
            List.of(),
            Optional.empty(),
            Optional.of("price_key"));
    String said =
        """
        SELECT product, CAST(price AS DECIMAL(4, 2)) AS price, CAST(changed_at AS DATE) AS changed_at, discontinued, CAST(received AS DATE) AS received
        FROM (VALUES
          ('tea', 2.00, '2026-03-01', false, '2026-03-01'), ('tea', 2.50, '2026-03-09', false, '2026-03-09'),
          ('jam', 4.00, '2026-03-02', false, '2026-03-02'), ('jam', NULL, '2026-03-08', true, '2026-03-08'),
          ('tea', 2.20, '2026-03-05', false, '2026-03-10')
        ) AS said(product, price, changed_at, discontinued, received)
        """;
    String asOf =
        "SELECT * FROM build.prices WHERE valid_from <= DATE '2026-03-05' AND (valid_to IS NULL OR DATE '2026-03-05' < valid_to)";
    String asWas =
        asOf
            + " AND recorded_from <= DATE '%s' AND (recorded_to IS NULL OR DATE '%s' < recorded_to)";
    try (Workbench bench = workshop.open(new TreeMap<>(), Optional.empty())) {
      bench.temporary("prices", prices.select(said));

      assertThat(texts(asWas.formatted("2026-03-06", "2026-03-06"), bench))
          .containsExactlyInAnyOrder("jam 4.00", "tea 2.00");
      assertThat(texts(asWas.formatted("2026-03-11", "2026-03-11"), bench))
          .containsExactlyInAnyOrder("jam 4.00", "tea 2.20");
      assertThat(
              rows(
                  "SELECT * FROM build.prices WHERE recorded_to IS NULL",
                  "concat_ws(' ', product, price, valid_from, valid_to, was_deleted)",
                  bench))
          .containsExactlyInAnyOrder(
              List.of("jam 4.00 2026-03-02 2026-03-08 true"),
              List.of("tea 2.00 2026-03-01 2026-03-05 false"),
              List.of("tea 2.20 2026-03-05 2026-03-09 false"),
              List.of("tea 2.50 2026-03-09 false"));
    }
  }

  private List<Object> texts(String sql, Workbench bench) {
    return rows(sql, "concat_ws(' ', product, price)", bench).stream()
        .map(row -> row.get(0))
        .toList();
  }
}
