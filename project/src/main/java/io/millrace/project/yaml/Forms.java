package io.millrace.project.yaml;

import io.millrace.core.ByteSize;
import io.millrace.core.TimeSpan;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The forms that most keys have. */
public final class Forms {

  /** The most entries of a list, and of a mapping whose keys the writer chooses. */
  public static final int MAX_ENTRIES = 1_000;

  // More digits than any type has; a text of a million digits takes minutes to read as a number.
  private static final String WHOLE = "[+-]?[0-9]{1,18}";
  private static final String NUMBER = "[+-]?[0-9]{1,38}(\\.[0-9]{1,38})?([eE][+-]?[0-9]{1,3})?";

  private Forms() {}

  public static Form<String> text() {
    return new Word<>(
        "a text",
        "write it after the key",
        text -> Optional.of(text).filter(written -> !written.isBlank()),
        Map.of("type", "string"),
        "text");
  }

  /** Text that may also be blank, as generators write it. */
  public static Form<String> prose() {
    return new Word<>(
        "a text", "write it after the key", Optional::of, Map.of("type", "string"), "text");
  }

  /** Whatever is written, for somebody else to read. */
  public static Form<Yaml> anything() {
    return new Form<>() {
      @Override
      public Optional<Yaml> read(Yaml node, Flaws flaws) {
        return Optional.of(node);
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of();
      }

      @Override
      public String words() {
        return "any value";
      }
    };
  }

  /** A text that matches a regular expression. */
  public static Form<String> matching(String regex, String noun, String remedy, String words) {
    Pattern pattern = Pattern.compile(regex);
    return new Word<>(
        noun,
        remedy,
        text -> Optional.of(text).filter(pattern.asMatchPredicate()),
        pattern(regex),
        words);
  }

  public static Form<Boolean> flag() {
    return new Word<>(
        "true or false",
        "write true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        Map.of("type", "boolean"),
        "`true` or `false`");
  }

  public static Form<BigDecimal> number() {
    return new Word<>(
        "a number",
        "write digits, such as 12 or 0.5",
        text -> Optional.of(text).filter(word -> word.matches(NUMBER)).map(BigDecimal::new),
        Map.of("type", "number"),
        "number");
  }

  /** A whole number from one to another, both included. */
  public static Form<Integer> whole(int min, int max) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "integer");
    schema.put("minimum", min);
    schema.put("maximum", max);
    Form<Long> word =
        new Word<>(
            "a whole number",
            "write digits",
            text -> Optional.of(text).filter(it -> it.matches(WHOLE)).map(Long::valueOf),
            schema,
            "%d to %d".formatted(min, max));
    return between(word, (long) min, (long) max, String::valueOf).map(Long::intValue);
  }

  /** A length of time from one to another, both included. */
  public static Form<Duration> time(String min, String max) {
    Form<Duration> word =
        new Word<>(
            "a length of time",
            "write " + TimeSpan.HOW,
            text -> TimeSpan.find(text).map(TimeSpan::duration),
            pattern(TimeSpan.PATTERN),
            "`%s` to `%s`".formatted(min, max));
    return between(
        word,
        TimeSpan.parse(min).duration(),
        TimeSpan.parse(max).duration(),
        duration -> new TimeSpan(duration).toString());
  }

  /** A number of bytes from one to another, both included. */
  public static Form<Long> size(String min, String max) {
    Form<Long> word =
        new Word<>(
            "a size",
            "write " + ByteSize.HOW,
            text -> ByteSize.find(text).map(ByteSize::bytes),
            pattern(ByteSize.PATTERN),
            "`%s` to `%s`".formatted(min, max));
    return between(
        word,
        ByteSize.parse(min).bytes(),
        ByteSize.parse(max).bytes(),
        bytes -> new ByteSize(bytes).toString());
  }

  private static <T extends Comparable<T>> Form<T> between(
      Form<T> word, T min, T max, Function<T, String> written) {
    return word.then(
        (value, node, flaws) -> {
          String text = "'" + written.apply(value) + "'";
          if (value.compareTo(min) < 0) {
            flaws.add(node.line(), text + " is too small", "use at least " + written.apply(min));
            return Optional.empty();
          } else if (value.compareTo(max) > 0) {
            flaws.add(node.line(), text + " is too large", "use at most " + written.apply(max));
            return Optional.empty();
          }
          return Optional.of(value);
        });
  }

  /** One of a few words. */
  public static <T> Form<T> choice(String noun, Map<String, T> choices) {
    Form<String> word =
        new Word<>(
            "a " + noun,
            "use one of " + String.join(", ", choices.keySet()),
            Optional::of,
            Map.of("enum", List.copyOf(choices.keySet())),
            "`" + String.join("`, `", choices.keySet()) + "`");
    return word.then(
        (text, node, flaws) -> {
          Optional<T> chosen = Optional.ofNullable(choices.get(text));
          if (chosen.isEmpty()) {
            flaws.unknown(node.line(), noun, text, choices.keySet());
          }
          return chosen;
        });
  }

  /** One of the constants of an enum, in lower case. */
  public static <E extends Enum<E>> Form<E> choice(String noun, E[] constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return choice(noun, words);
  }

  /** At least one value, all of one form. */
  public static <T> Form<List<T>> listOf(Form<T> element) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", element.schema());
    schema.put("minItems", 1);
    schema.put("maxItems", MAX_ENTRIES);
    return new Form<>() {
      @Override
      public Optional<List<T>> read(Yaml node, Flaws flaws) {
        if (!(node instanceof Yaml.Sequence sequence)) {
          flaws.add(node.line(), node.kind() + " stands where a list is expected", "write [a, b]");
          return Optional.empty();
        }
        if (sequence.items().isEmpty()) {
          flaws.add(node.line(), "the list is empty", "name at least one, or leave the key out");
          return Optional.empty();
        }
        if (tooMany(sequence.items().size(), node, flaws)) {
          return Optional.empty();
        }
        List<T> values = new ArrayList<>();
        for (Yaml item : sequence.items()) {
          if (item.isNull()) {
            flaws.add(item.line(), "an entry of the list is empty", "write it, or take it out");
          } else {
            element.read(item, flaws).ifPresent(values::add);
          }
        }
        return Optional.of(values).filter(read -> read.size() == sequence.items().size());
      }

      @Override
      public Map<String, Object> schema() {
        return schema;
      }

      @Override
      public String words() {
        return "list: " + element.words();
      }
    };
  }

  /** One value, or a list of them. */
  public static <T> Form<List<T>> oneOrMore(Form<T> element) {
    Form<List<T>> list = listOf(element);
    return new Form<>() {
      @Override
      public Optional<List<T>> read(Yaml node, Flaws flaws) {
        return node instanceof Yaml.Sequence
            ? list.read(node, flaws)
            : element.read(node, flaws).map(List::of);
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("anyOf", List.of(element.schema(), list.schema()));
      }

      @Override
      public String words() {
        return element.words() + ", or a list";
      }
    };
  }

  /** At least one value, each under a name that the writer of the file chooses. */
  public static <T> Form<List<Named<T>>> named(Form<T> value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("additionalProperties", value.schema());
    schema.put("minProperties", 1);
    schema.put("maxProperties", MAX_ENTRIES);
    return new Form<>() {
      @Override
      public Optional<List<Named<T>>> read(Yaml node, Flaws flaws) {
        if (!(node instanceof Yaml.Mapping mapping)) {
          flaws.add(
              node.line(), node.kind() + " stands where a mapping is expected", "write 'a: b'");
          return Optional.empty();
        }
        if (mapping.entries().isEmpty()) {
          flaws.add(node.line(), "the mapping is empty", "name at least one, or leave the key out");
          return Optional.empty();
        }
        if (tooMany(mapping.entries().size(), node, flaws)) {
          return Optional.empty();
        }
        List<Named<T>> values = new ArrayList<>();
        for (Yaml.Entry entry : mapping.entries()) {
          value
              .read(entry.value(), flaws)
              .ifPresent(read -> values.add(new Named<>(entry.key(), entry.line(), read)));
        }
        return Optional.of(values);
      }

      @Override
      public Map<String, Object> schema() {
        return schema;
      }

      @Override
      public String words() {
        return "mapping: " + value.words();
      }
    };
  }

  private static boolean tooMany(int entries, Yaml node, Flaws flaws) {
    if (entries > MAX_ENTRIES) {
      flaws.add(node.line(), "there are " + entries + " entries", MAX_ENTRIES + " are the most");
    }
    return entries > MAX_ENTRIES;
  }

  /** Written short, as a single value, or long, as a mapping. */
  public static <T> Form<T> shortOrLong(Form<T> word, Form<T> mapping) {
    return new Form<>() {
      @Override
      public Optional<T> read(Yaml node, Flaws flaws) {
        return (node instanceof Yaml.Mapping ? mapping : word).read(node, flaws);
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("anyOf", List.of(word.schema(), mapping.schema()));
      }

      @Override
      public String words() {
        return word.words() + ", or " + mapping.words();
      }
    };
  }

  /** A text that matches a regular expression, as JSON Schema. */
  public static Map<String, Object> pattern(String regex) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "string");
    schema.put("pattern", regex);
    return schema;
  }
}
