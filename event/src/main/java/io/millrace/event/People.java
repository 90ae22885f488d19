package io.millrace.event;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognizes people, by their values as events have them: in rows of tables, and in raw events. */
public final class People {

  private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|[\"\\\\/])");

  private final Set<String> values;
  private final Set<String> texts = new HashSet<>();
  private final Set<Long> numbers = new HashSet<>();
  private final Set<UUID> uuids = new HashSet<>();

  /**
   * @param erased each value, such as a user's id, and how often its person has been erased
   */
  public People(PersonalKey key, Map<String, Integer> erased) {
    this.values = Set.copyOf(erased.keySet());
    Pseudonyms all = key.pseudonyms();
    erased.forEach(
        (value, times) -> {
          Pseudonym first = first(all, value);
          for (int time = 0; time <= times; time++) {
            add(all.after(first, time));
          }
        });
  }

  private void add(Pseudonym pseudonym) {
    texts.add(pseudonym.toString());
    numbers.add(pseudonym.asLong());
    uuids.add(new UUID(pseudonym.uuidHigh(), pseudonym.uuidLow()));
  }

  /** The pseudonym that a value has before its person is ever erased. */
  public static Pseudonym first(Pseudonyms pseudonyms, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return pseudonyms.first(bytes, 0, bytes.length);
  }

  /** What a row shows of them as JSON: their values in quotes, or what stands for these. */
  public List<String> shown() {
    List<String> shown = new ArrayList<>(texts);
    numbers.forEach(number -> shown.add(number.toString()));
    uuids.forEach(uuid -> shown.add(uuid.toString()));
    values.forEach(
        value -> shown.add('"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'));
    return shown;
  }

  /**
   * Whether a row of a stream's table is about one of them.
   *
   * @param columns of the rows
   */
  public Predicate<Row> in(StreamContract contract, List<Field> columns) {
    return in(contract.fields(), columns);
  }

  private Predicate<Row> in(List<Field> fields, List<Field> columns) {
    List<String> names = columns.stream().map(Field::name).toList();
    Predicate<Row> any = row -> false;
    for (Field field : fields) {
      int position = names.indexOf(field.name());
      if (position >= 0 && field.isPersonal()) {
        Type stored = columns.get(position).type();
        any = any.or(at(position, field, stored));
      }
    }
    return any;
  }

  private Predicate<Row> at(int position, Field field, Type stored) {
    Predicate<Row> found =
        field
            .personal()
            .filter(personal -> stored instanceof Type.Scalar)
            .map(personal -> value(position, (Type.Scalar) stored, personal.treatment()))
            .orElseGet(() -> within(position, field.type(), stored));
    return row -> !row.isNull(position) && found.test(row);
  }

  private Predicate<Row> within(int position, Type type, Type stored) {
    if (type instanceof Type.Struct struct && stored instanceof Type.Struct columns) {
      Predicate<Row> in = in(struct.fields(), columns.fields());
      return row -> in.test(row.rowAt(position));
    }
    if (type instanceof Type.ListOf list
        && list.element() instanceof Type.Struct struct
        && stored instanceof Type.ListOf elements
        && elements.element() instanceof Type.Struct columns) {
      Predicate<Row> in = in(struct.fields(), columns.fields());
      return row -> anyOf(row.rowAt(position), in);
    }
    return row -> false;
  }

  private static boolean anyOf(Row elements, Predicate<Row> in) {
    for (int i = 0; i < elements.size(); i++) {
      if (!elements.isNull(i) && in.test(elements.rowAt(i))) {
        return true;
      }
    }
    return false;
  }

  private Predicate<Row> value(int position, Type.Scalar stored, Treatment treatment) {
    if (treatment == Treatment.MASK) {
      return row -> false;
    }
    boolean clear = treatment == Treatment.CLEAR;
    return switch (stored) {
      case INT, LONG ->
          clear
              ? row -> values.contains(Long.toString(row.longAt(position)))
              : row -> numbers.contains(row.longAt(position));
      case UUID ->
          clear
              ? row -> values.contains(uuid(row, position).toString())
              : row -> uuids.contains(uuid(row, position));
      case STRING -> row -> (clear ? values : texts).contains(text(row, position));
      case BOOLEAN, DOUBLE, DATE, TIMESTAMP, BINARY -> row -> false;
    };
  }

  private static UUID uuid(Row row, int position) {
    ByteBuffer bits =
        ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), 2 * Long.BYTES);
    return new UUID(bits.getLong(), bits.getLong());
  }

  private static String text(Row row, int position) {
    return new String(
        row.bytesAt(position),
        row.offsetAt(position),
        row.lengthAt(position),
        StandardCharsets.UTF_8);
  }

  /**
   * Whether one of their values stands in an event, which need not be JSON: with anything but a
   * letter, a digit, {@code _} or {@code -} around it, escaped or not.
   */
  public boolean in(byte[] event) {
    String text = new String(event, StandardCharsets.UTF_8);
    String unescaped =
        ESCAPE
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(2) == null
                            ? found.group(1)
                            : String.valueOf((char) Integer.parseInt(found.group(2), 16))));
    return values.stream().anyMatch(value -> isIn(text, value) || isIn(unescaped, value));
  }

  private static boolean isIn(String text, String value) {
    for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      int end = at + value.length();
      if ((at == 0 || isAround(text.charAt(at - 1)))
          && (end == text.length() || isAround(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAround(char character) {
    return !Character.isLetterOrDigit(character) && character != '_' && character != '-';
  }
}
