package io.millrace.engine;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An answer held against the right one. It is right if it has the same rows, each as often, and, if
 * the order matters, in an order that the right one could have too. What columns are called does
 * not matter, nor how a number is kept: 1, 1.00 and 1e0 are the same, and so are a day and its
 * midnight. NULL is like NULL and nothing else.
 *
 * @param sentence the verdict for a person
 * @param missingRows how many rows the answer lacks
 * @param extraRows how many it should not have
 * @param missing the first of them
 * @param extra the first of them
 */
public record Grade(
    boolean right,
    String sentence,
    long missingRows,
    long extraRows,
    List<List<Object>> missing,
    List<List<Object>> extra) {

  private static final int SHOWN = 20;

  /** Sums of floating-point numbers differ in their last digits by the order of the sum. */
  private static final MathContext FLOATING = new MathContext(12);

  /**
   * Compares them.
   *
   * @param orderBy columns of the right answer by which its rows are ordered; empty if in none
   * @throws IllegalArgumentException if the right answer has no such column, or is not whole
   */
  public static Grade of(Answer given, Answer right, List<String> orderBy) {
    if (!right.whole()) {
      throw new IllegalArgumentException("more than " + right.rows().size() + " rows are right");
    }
    List<Integer> order = positions(right, orderBy);
    if (given.columns().size() != right.columns().size()) {
      return wrong(
          "%s asked for; the answer has %d."
              .formatted(are(right.columns().size(), "column"), given.columns().size()));
    }
    if (!given.whole()) {
      return wrong(
          "The answer has more than %,d rows; %s right."
              .formatted(given.rows().size(), are(right.rows().size(), "row")));
    }
    Grade rows = rows(given, right);
    return rows.right() ? order(given, right, order, rows) : rows;
  }

  private static List<Integer> positions(Answer right, List<String> orderBy) {
    List<String> names = right.columns().stream().map(Rows.Column::name).toList();
    return orderBy.stream()
        .map(
            name -> {
              if (!names.contains(name)) {
                throw new IllegalArgumentException(
                    "the right answer has no column '" + name + "', but " + names);
              }
              return names.indexOf(name);
            })
        .toList();
  }

  private static Grade wrong(String sentence) {
    return new Grade(false, sentence, 0, 0, List.of(), List.of());
  }

  private static Grade rows(Answer given, Answer right) {
    List<List<Object>> extra = without(given.rows(), right.rows());
    List<List<Object>> missing = without(right.rows(), given.rows());
    String sentence =
        extra.isEmpty() && missing.isEmpty()
            ? "Right: all of " + count(right.rows().size(), "row") + "."
            : "Of %s, %s missing; %s."
                .formatted(
                    count(right.rows().size(), "row"),
                    missing.isEmpty() ? "none is" : are(missing.size()),
                    extra.isEmpty() ? "no other is there" : are(extra.size()) + " not asked for");
    return new Grade(
        extra.isEmpty() && missing.isEmpty(),
        sentence,
        missing.size(),
        extra.size(),
        missing.stream().limit(SHOWN).toList(),
        extra.stream().limit(SHOWN).toList());
  }

  /** The rows that others lack, as often as they do. */
  private static List<List<Object>> without(List<List<Object>> rows, List<List<Object>> others) {
    Map<Object, Integer> left = new HashMap<>();
    others.forEach(row -> left.merge(plain(row), 1, Integer::sum));
    List<List<Object>> found = new ArrayList<>();
    for (List<Object> row : rows) {
      if (left.merge(plain(row), -1, Integer::sum) < 0) {
        found.add(row);
      }
    }
    return found;
  }

  private static Grade order(Answer given, Answer right, List<Integer> order, Grade rows) {
    return IntStream.range(0, right.rows().size())
        .filter(i -> !keys(given, i, order).equals(keys(right, i, order)))
        .mapToObj(
            i ->
                wrong(
                    "The rows are right, but row %d does not belong there: order them as asked."
                        .formatted(i + 1)))
        .findFirst()
        .orElse(rows);
  }

  private static List<Object> keys(Answer answer, int row, List<Integer> columns) {
    List<Object> keys = new ArrayList<>();
    columns.forEach(column -> keys.add(plain(answer.rows().get(row).get(column))));
    return keys;
  }

  /** A value so that those that mean the same are equal. */
  private static Object plain(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number)
          ? new BigDecimal(value.toString()).round(FLOATING).stripTrailingZeros()
          : value.toString();
    } else if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    } else if (value instanceof BigInteger number) {
      return new BigDecimal(number).stripTrailingZeros();
    } else if (value instanceof Number number) {
      return BigDecimal.valueOf(number.longValue()).stripTrailingZeros();
    } else if (value instanceof LocalDateTime time) {
      return time.toLocalTime().equals(LocalTime.MIDNIGHT) ? time.toLocalDate() : time;
    } else if (value instanceof Instant instant) {
      return plain(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    } else if (value instanceof byte[] bytes) {
      return new BigInteger(1, bytes).toString(16) + ":" + bytes.length;
    } else if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(element -> plain.add(plain(element)));
      return plain;
    } else if (value instanceof Map<?, ?> struct) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      struct.forEach((field, element) -> plain.put(field, plain(element)));
      return plain;
    }
    return value;
  }

  private static String count(int number, String noun) {
    return "%,d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }

  private static String are(int number, String noun) {
    return count(number, noun) + (number == 1 ? " is" : " are");
  }

  private static String are(int number) {
    return "%,d %s".formatted(number, number == 1 ? "is" : "are");
  }
}
