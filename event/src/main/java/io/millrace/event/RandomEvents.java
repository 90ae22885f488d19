package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Events that keep a contract, in every spelling JSON has for their values; seeded. For whoever
 * tries a project that he does not know, and for tests.
 */
public final class RandomEvents {

  private static final int[] CHARACTERS = {
    'a', 'Z', '0', ' ', '"', '\\', '/', '\b', '\n', 0, 0x1f, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac,
    0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x10ffff
  };

  /** In characters. */
  private static final int LONGEST_TEXT = 39;

  private static final Duration LIFETIME = Duration.ofDays(20_000);

  final Random random;
  private final Instant around;
  private final Duration spread;
  private final int shortest;

  /** Times lie in the decades before and after 1970. */
  RandomEvents(long seed) {
    this(seed, Instant.EPOCH, LIFETIME, 0);
  }

  /**
   * Times and days lie no farther than {@code spread} before or after an instant.
   *
   * @param shortest the fewest characters of a text, where its field takes as many
   */
  public RandomEvents(long seed, Instant around, Duration spread, int shortest) {
    this.random = new Random(seed);
    this.around = around;
    this.spread = spread;
    this.shortest = shortest;
  }

  /** An object with these fields in any order, some of the optional ones left out or null. */
  String object(List<Field> fields) {
    return object(fields, Map.of());
  }

  /**
   * The same, with the values of some fields given.
   *
   * @param given JSON by the name of a field
   */
  public String object(List<Field> fields, Map<String, String> given) {
    List<String> members = new ArrayList<>();
    for (Field field : fields) {
      if (given.containsKey(field.name())) {
        members.add(string(field.name()) + space() + ":" + space() + given.get(field.name()));
      } else if (field.required() || random.nextInt(3) > 0) {
        String value =
            !field.required() && random.nextInt(8) == 0 ? "null" : value(field, field.type());
        members.add(string(field.name()) + space() + ":" + space() + value);
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      members.add(string("other" + i) + ":" + anything(3));
    }
    Collections.shuffle(members, random);
    return "{" + space() + String.join(space() + "," + space(), members) + space() + "}";
  }

  private String value(Field field, Type type) {
    if (type instanceof Type.Struct struct) {
      return object(struct.fields());
    }
    if (type instanceof Type.ListOf list) {
      List<String> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(random.nextInt(6) == 0 ? "null" : value(field, list.element()));
      }
      return "[" + space() + String.join(space() + ",", elements) + space() + "]";
    }
    if (type instanceof Type.Decimal decimal) {
      int scale = random.nextInt(decimal.scale() + 1);
      int digits = decimal.precision() - decimal.scale() + scale;
      BigInteger unscaled =
          new BigInteger(random.nextInt(20), random).mod(BigInteger.TEN.pow(digits));
      return number(bounded(field, new BigDecimal(unscaled, scale)));
    }
    return switch ((Type.Scalar) type) {
      case STRING ->
          field.oneOf().isEmpty()
              ? string(text(field.maxLength()))
              : string(field.oneOf().get(random.nextInt(field.oneOf().size())));
      case BOOLEAN -> random.nextBoolean() ? "true" : "false";
      case INT -> number(bounded(field, BigDecimal.valueOf(random.nextInt())));
      case LONG -> number(bounded(field, BigDecimal.valueOf(random.nextLong())));
      case DOUBLE -> number(bounded(field, new BigDecimal(random.nextGaussian())));
      case DATE -> string(LocalDate.ofInstant(time(), ZoneOffset.UTC).toString());
      case TIMESTAMP -> string(instant());
      case UUID -> string(new UUID(random.nextLong(), random.nextLong()).toString());
      case BINARY -> throw new IllegalArgumentException("binary");
    };
  }

  private static BigDecimal bounded(Field field, BigDecimal value) {
    BigDecimal atLeast = value.max(field.min().orElse(value));
    return atLeast.min(field.max().orElse(atLeast));
  }

  private String instant() {
    Instant instant = time();
    ZoneOffset zone = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(1_200) - 600));
    return random.nextBoolean() ? instant.toString() : withSeconds(instant, zone);
  }

  private Instant time() {
    long seconds = random.nextLong(-spread.toSeconds(), spread.toSeconds());
    return around
        .truncatedTo(ChronoUnit.SECONDS)
        .plusSeconds(seconds)
        .plusNanos(1_000L * random.nextInt(1_000_000));
  }

  private static String withSeconds(Instant instant, ZoneOffset zone) {
    String text = instant.atOffset(zone).toString();
    return text.charAt(16) == ':' ? text : text.substring(0, 16) + ":00" + text.substring(16);
  }

  /** A number in one of its spellings. */
  String number(BigDecimal value) {
    return switch (random.nextInt(4)) {
      case 0 -> value.toPlainString();
      case 1 -> value.toString();
      case 2 -> value.setScale(Math.max(0, value.scale()) + random.nextInt(30)).toPlainString();
      default -> value.unscaledValue() + "e" + -value.scale();
    };
  }

  private String text(int maxBytes) {
    StringBuilder text = new StringBuilder();
    int longest = Math.min(LONGEST_TEXT, maxBytes / 4);
    int least = Math.min(shortest, longest);
    int count = least + random.nextInt(longest - least + 1);
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(
          random.nextInt(3) > 0
              ? 'a' + random.nextInt(26)
              : CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  /** A JSON string of this text, with the escapes it needs and perhaps some it does not. */
  String string(String text) {
    boolean escapesMuch = random.nextInt(10) == 0;
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || (escapesMuch && random.nextBoolean())) {
        json.append("\\u%04x".formatted((int) c));
      } else if (Character.isSurrogate(c) && escapesMuch) {
        json.append("\\u%04X".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** Any JSON value, nested no deeper than this. */
  String anything(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> "null";
      case 1 -> "true";
      case 2 -> string(text(100));
      case 3 -> number(BigDecimal.valueOf(random.nextInt(1000), random.nextInt(5)));
      case 4 -> "-0.0E+2";
      case 5 -> "[" + anything(depth - 1) + "," + anything(depth - 1) + "]";
      default -> "{\"a\":" + anything(depth - 1) + ",\"b\":" + anything(depth - 1) + "}";
    };
  }

  private String space() {
    return random.nextInt(10) == 0 ? " \t\r\n".substring(random.nextInt(4)) : "";
  }
}
