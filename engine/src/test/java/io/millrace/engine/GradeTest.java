package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GradeTest {

  private static final List<Object> ANN = row("ann", 3);
  private static final List<Object> BEN = row("ben", 2);
  private static final List<Object> CAT = row("cat", 2);

  private static Answer answer(List<?>... rows) {
    List<List<Object>> copies = Arrays.stream(rows).map(it -> row(it.toArray())).toList();
    return new Answer(columns(2), copies, true);
  }

  private static List<Rows.Column> columns(int count) {
    return Stream.of("name", "sales", "rest")
        .limit(count)
        .map(name -> new Rows.Column(name, "VARCHAR"))
        .toList();
  }

  private static List<Object> row(Object... values) {
    return Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values)));
  }

  private static Grade grade(Answer given, Answer right, String... orderBy) {
    return Grade.of(given, right, List.of(orderBy));
  }

  @Test
  void takesTheSameRowsInAnyOrderUnlessOneIsAskedFor() {
    assertThat(grade(answer(CAT, BEN, ANN), answer(ANN, BEN, CAT)).sentence())
        .isEqualTo("Right: all of 3 rows.");
    Grade grade = grade(answer(BEN, ANN, CAT), answer(ANN, BEN, CAT), "sales");
    assertThat(grade.right()).isFalse();
    assertThat(grade.sentence())
        .isEqualTo("The rows are right, but row 1 does not belong there: order them as asked.");
  }

  @Test
  void takesRowsThatTieInAnyOrder() {
    assertThat(grade(answer(ANN, CAT, BEN), answer(ANN, BEN, CAT), "sales").right()).isTrue();
    assertThat(grade(answer(ANN, CAT, BEN), answer(ANN, BEN, CAT), "sales", "name").right())
        .isFalse();
  }

  @Test
  void namesTheRowsThatDiffer() {
    Grade grade = grade(answer(ANN, ANN, CAT), answer(ANN, BEN, CAT));
    assertThat(grade.right()).isFalse();
    assertThat(grade.sentence()).isEqualTo("Of 3 rows, 1 is missing; 1 is not asked for.");
    assertThat(grade.missing()).containsExactly(BEN);
    assertThat(grade.extra()).as("ann is there once too often").containsExactly(ANN);
    assertThat(grade(answer(ANN), answer(ANN, BEN, CAT)).sentence())
        .isEqualTo("Of 3 rows, 2 are missing; no other is there.");
  }

  @Test
  void tellsNullFromZeroAndFromEmptyText() {
    Answer right = answer(row(null, null));
    assertThat(grade(answer(row(null, null)), right).right()).isTrue();
    assertThat(grade(answer(row("", null)), right).right()).isFalse();
    assertThat(grade(answer(row(null, 0)), right).right()).isFalse();
  }

  @Test
  void comparesNumbersAndDaysByWhatTheyAre() {
    assertThat(
            grade(
                    answer(row(1L, 0.1 + 0.2), row(LocalDate.of(2011, 1, 4), 1e300)),
                    answer(
                        row(new BigDecimal("1.00"), new BigDecimal("0.3")),
                        row(Instant.parse("2011-01-04T00:00:00Z"), 1e300)))
                .right())
        .isTrue();
    assertThat(grade(answer(row("1", 2)), answer(row(1, 2))).right()).as("a text").isFalse();
    assertThat(grade(answer(row(1, 2.001)), answer(row(1, 2))).right()).isFalse();
  }

  @Test
  void refusesOtherColumnsAndRowsWithoutEnd() {
    Answer wide = new Answer(columns(3), List.of(row(1, 2, 3)), true);
    assertThat(grade(wide, answer(ANN)).sentence())
        .isEqualTo("2 columns are asked for; the answer has 3.");
    Answer endless = new Answer(columns(2), List.of(ANN), false);
    assertThat(grade(endless, answer(ANN)).sentence())
        .isEqualTo("The answer has more than 1 rows; 1 row is right.");
    assertThatThrownBy(() -> grade(answer(ANN), endless))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grade(answer(ANN), answer(ANN), "place"))
        .hasMessage("the right answer has no column 'place', but [name, sales]");
  }
}
