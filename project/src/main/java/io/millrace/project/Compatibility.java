package io.millrace.project;

import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Evolution;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a contract may follow another: Avro's schema resolution, for our types. What an event
 * means ({@code key}, {@code event_id}, {@code event_time}) never changes, and neither does what
 * tables hold already; the rest is up to the rule.
 */
public final class Compatibility {

  private static final String ACCEPTED = "the accepted contract";
  private static final String NEW = "the new contract";

  private Compatibility() {}

  /** What is wrong; the first seven are Avro's. */
  public enum Kind {
    /** The types differ, and none holds the other's values. */
    TYPE_MISMATCH,
    /** Decimals whose digits do not fit. */
    DECIMAL_MISMATCH,
    /** The reader requires a field that the writer does not know. */
    FIELD_MISSING,
    /** The reader requires a field that the writer may leave out. */
    MAY_BE_NULL,
    /** The writer may choose a value that the reader does not list. */
    VALUE_MISSING,
    /** A field stands for several of the writer's. */
    AMBIGUOUS,
    /** The writer may write what is beyond a limit of the reader's. */
    LIMIT,
    /** Rows already written have a type that cannot become the new one. */
    TABLE,
    /** What makes an event itself, or keeps events in order, is another. */
    IDENTITY
  }

  /**
   * One reason why a contract cannot follow another.
   *
   * @param path of the field in the new contract, {@code item.price}; or a key of the contract
   * @param what in a sentence
   */
  public record Incompatibility(Kind kind, String path, String what) {}

  /** Why a contract cannot follow the accepted one; nothing if it can. */
  public static List<Incompatibility> between(
      StreamContract accepted, StreamContract wanted, Evolution rule) {
    Set<Incompatibility> found = new LinkedHashSet<>(identity(accepted, wanted));
    found.addAll(between(accepted.fields(), wanted.fields(), rule));
    List<Incompatibility> tables = new ArrayList<>();
    hold("", accepted.fields(), wanted.fields(), tables);
    // A type that nobody can read has been named already.
    tables.stream()
        .filter(table -> found.stream().noneMatch(it -> it.path().equals(table.path())))
        .toList()
        .forEach(found::add);
    return List.copyOf(found);
  }

  /** The same of fields alone. */
  public static List<Incompatibility> between(
      List<Field> accepted, List<Field> wanted, Evolution rule) {
    Set<Incompatibility> found = new LinkedHashSet<>();
    if (rule != Evolution.FORWARD) {
      found.addAll(new Reading(NEW, ACCEPTED).of(wanted, accepted));
    }
    if (rule != Evolution.BACKWARD) {
      found.addAll(new Reading(ACCEPTED, NEW).of(accepted, wanted));
    }
    return List.copyOf(found);
  }

  /** The field that a reader's field reads: of the same name, or of one of its aliases. */
  static Optional<Field> match(Field reader, List<Field> writer) {
    return named(reader.name(), writer)
        .or(() -> reader.aliases().stream().flatMap(it -> named(it, writer).stream()).findFirst());
  }

  private static boolean isSeveral(Field reader, List<Field> writer) {
    return writer.stream().filter(field -> reader.isCalled(field.name())).count() > 1;
  }

  private static Optional<Field> named(String name, List<Field> fields) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  private static List<Incompatibility> identity(StreamContract accepted, StreamContract wanted) {
    List<Incompatibility> found = new ArrayList<>();
    if (!isSame(accepted.key(), wanted.key(), wanted)) {
      found.add(
          identity(
              "key",
              accepted.key(),
              wanted.key(),
              "events of one key would lie in several partitions, where neither order nor repeats are seen"));
    }
    if (!isSame(accepted.eventId(), wanted.eventId(), wanted)) {
      found.add(
          identity(
              "event_id",
              words(accepted.eventId()),
              words(wanted.eventId()),
              "an event sent before and after would count twice"));
    }
    if (!isSame(accepted.eventTime(), wanted.eventTime(), wanted)) {
      found.add(
          identity(
              "event_time",
              accepted.eventTime(),
              wanted.eventTime(),
              "rows would lie in days and intervals of another clock"));
    }
    if (accepted.topicPartitions() != wanted.topicPartitions()) {
      found.add(
          identity(
              "topic_partitions",
              String.valueOf(accepted.topicPartitions()),
              String.valueOf(wanted.topicPartitions()),
              "a key would move to another partition, and its events out of order"));
    }
    return found;
  }

  private static Incompatibility identity(String key, String was, String is, String why) {
    return new Incompatibility(
        Kind.IDENTITY, key, "%s was %s and is %s: %s".formatted(key, was, is, why));
  }

  private static boolean isSame(String was, String is, StreamContract wanted) {
    return wanted.field(is).isCalled(was);
  }

  private static boolean isSame(EventId was, EventId is, StreamContract wanted) {
    if (was instanceof EventId.Declared before && is instanceof EventId.Declared now) {
      return isSame(before.field(), now.field(), wanted);
    }
    if (was instanceof EventId.Derived before && is instanceof EventId.Derived now) {
      boolean same = before.fields().size() == now.fields().size();
      for (int i = 0; same && i < now.fields().size(); i++) {
        same = isSame(before.fields().get(i), now.fields().get(i), wanted);
      }
      return same;
    }
    return false;
  }

  private static String words(EventId id) {
    return id instanceof EventId.Declared declared
        ? declared.field()
        : "derived from " + String.join(", ", ((EventId.Derived) id).fields());
  }

  /** Whether the columns that tables have can become those of the new contract. */
  private static void hold(
      String parent, List<Field> accepted, List<Field> wanted, List<Incompatibility> found) {
    for (Field field : wanted) {
      String path = parent + field.name();
      if (isSeveral(field, accepted)) {
        found.add(
            new Incompatibility(
                Kind.TABLE,
                path,
                "tables hold '%s' and %s apart, and they cannot become one column"
                    .formatted(path, String.join(", ", field.aliases()))));
      } else {
        match(field, accepted)
            .ifPresent(
                was -> {
                  hold(path, was.type(), field.type(), found);
                  holdPersonal(path, was, field, found);
                });
      }
    }
  }

  private static void hold(String path, Type was, Type is, List<Incompatibility> found) {
    if (was instanceof Type.Struct before && is instanceof Type.Struct now) {
      hold(path + ".", before.fields(), now.fields(), found);
    } else if (was instanceof Type.ListOf before && is instanceof Type.ListOf now) {
      hold(path + "[]", before.element(), now.element(), found);
    } else if (!isOneColumn(was, is)) {
      found.add(
          new Incompatibility(
              Kind.TABLE,
              path,
              "tables hold '%s' as %s, and such a column cannot become %s"
                  .formatted(path, was.words(), is.words())));
    }
  }

  /** Values of before and after would be in one column, and not compare. */
  private static void holdPersonal(String path, Field was, Field is, List<Incompatibility> found) {
    if (!stored(was).equals(stored(is))) {
      found.add(
          new Incompatibility(
              Kind.TABLE,
              path,
              "tables hold %s of '%s', and new rows would have %s"
                  .formatted(held(was), path, held(is))));
    }
  }

  /** How the values that tables hold were treated; nothing if they are those of the events. */
  private static Optional<Personal> stored(Field field) {
    return field.personal().filter(it -> it.treatment() != Treatment.CLEAR);
  }

  private static String held(Field field) {
    return stored(field)
        .map(
            it ->
                it.treatment() == Treatment.PSEUDONYM
                    ? "pseudonyms"
                    : "masks (keep: %s)".formatted(it.kept().name().toLowerCase(Locale.ROOT)))
        .orElse("the values");
  }

  /** Whichever is wider, the column is; narrower values fit into it. */
  private static boolean isOneColumn(Type a, Type b) {
    if (a instanceof Type.Decimal one && b instanceof Type.Decimal other) {
      return one.scale() == other.scale();
    }
    Set<Type.Scalar> whole = Set.of(Type.Scalar.INT, Type.Scalar.LONG);
    return a.equals(b) || (isAmong(whole, a) && isAmong(whole, b));
  }

  private static boolean isAmong(Set<Type.Scalar> types, Type type) {
    return type instanceof Type.Scalar scalar && types.contains(scalar);
  }

  /**
   * Reading what another wrote.
   *
   * @param reader who reads, in words
   * @param writer whose events are read, in words
   */
  private record Reading(String reader, String writer) {

    List<Incompatibility> of(List<Field> reads, List<Field> writes) {
      List<Incompatibility> found = new ArrayList<>();
      fields("", reads, writes, found);
      return found;
    }

    private void fields(
        String parent, List<Field> reads, List<Field> writes, List<Incompatibility> found) {
      for (Field field : reads) {
        String path = parent + field.name();
        Optional<Field> match = match(field, writes);
        if (isSeveral(field, writes)) {
          add(
              found,
              Kind.AMBIGUOUS,
              path,
              "%s takes '%s' by %s too, and events of %s have them apart"
                  .formatted(reader, path, String.join(", ", field.aliases()), writer));
        } else if (match.isPresent()) {
          field(path, field, match.get(), found);
        } else if (field.required()) {
          add(
              found,
              Kind.FIELD_MISSING,
              path,
              "%s requires '%s', which events of %s do not have".formatted(reader, path, writer));
        }
      }
    }

    private void field(String path, Field reads, Field writes, List<Incompatibility> found) {
      if (reads.required() && !writes.required()) {
        add(
            found,
            Kind.MAY_BE_NULL,
            path,
            "%s requires '%s', which events of %s may leave out".formatted(reader, path, writer));
      }
      int before = found.size();
      type(path, reads.type(), writes.type(), found);
      if (found.size() == before) {
        limits(path, reads, writes, found);
      }
    }

    private void type(String path, Type reads, Type writes, List<Incompatibility> found) {
      if (reads instanceof Type.Struct into && writes instanceof Type.Struct from) {
        fields(path + ".", into.fields(), from.fields(), found);
      } else if (reads instanceof Type.ListOf into && writes instanceof Type.ListOf from) {
        type(path + "[]", into.element(), from.element(), found);
      } else if (reads instanceof Type.Decimal into && writes instanceof Type.Decimal from) {
        if (into.scale() != from.scale() || into.precision() < from.precision()) {
          add(found, Kind.DECIMAL_MISMATCH, path, mismatch(path, reads, writes));
        }
      } else if (!reads.equals(writes) && !isPromoted(writes, reads)) {
        add(found, Kind.TYPE_MISMATCH, path, mismatch(path, reads, writes));
      }
    }

    private static boolean isPromoted(Type from, Type to) {
      if (!(from instanceof Type.Scalar scalar)) {
        return false;
      }
      return switch (scalar) {
        case INT -> to == Type.Scalar.LONG || to == Type.Scalar.DOUBLE;
        case LONG -> to == Type.Scalar.DOUBLE;
        case UUID -> to == Type.Scalar.STRING;
        case STRING, BOOLEAN, DOUBLE, DATE, TIMESTAMP, BINARY -> false;
      };
    }

    private String mismatch(String path, Type reads, Type writes) {
      return "%s reads '%s' as %s, which events of %s have as %s"
          .formatted(reader, path, reads.words(), writer, writes.words());
    }

    private void limits(String path, Field reads, Field writes, List<Incompatibility> found) {
      if (reads.type() == Type.Scalar.STRING) {
        texts(path, reads, writes, found);
        return;
      }
      FieldRange written = FieldRange.of(writes);
      reads
          .min()
          .filter(min -> written.min().filter(least -> least.compareTo(min) >= 0).isEmpty())
          .ifPresent(min -> beyond(path, "no '%s' below " + plain(min), written.min(), found));
      reads
          .max()
          .filter(max -> written.max().filter(most -> most.compareTo(max) <= 0).isEmpty())
          .ifPresent(max -> beyond(path, "no '%s' above " + plain(max), written.max(), found));
    }

    private void texts(String path, Field reads, Field writes, List<Incompatibility> found) {
      if (!reads.oneOf().isEmpty()) {
        List<String> unlisted =
            writes.oneOf().stream().filter(value -> !reads.oneOf().contains(value)).toList();
        if (writes.oneOf().isEmpty() || !unlisted.isEmpty()) {
          add(
              found,
              Kind.VALUE_MISSING,
              path,
              "%s does not list %s of '%s', which events of %s may have"
                  .formatted(
                      reader,
                      unlisted.isEmpty() ? "every value" : String.join(", ", unlisted),
                      path,
                      writer));
        }
      } else if (FieldRange.longest(writes) > reads.maxLength()) {
        beyond(
            path,
            "no '%s' of more than " + reads.maxLength() + " bytes",
            Optional.of(BigDecimal.valueOf(FieldRange.longest(writes))),
            found);
      }
    }

    private void beyond(
        String path, String allows, Optional<BigDecimal> written, List<Incompatibility> found) {
      add(
          found,
          Kind.LIMIT,
          path,
          "%s allows %s, where events of %s may have %s"
              .formatted(
                  reader,
                  allows.formatted(path),
                  writer,
                  written.map(Reading::plain).orElse("any number")));
    }

    private static String plain(BigDecimal number) {
      return number.toPlainString();
    }

    private static void add(List<Incompatibility> found, Kind kind, String path, String sentence) {
      found.add(new Incompatibility(kind, path, sentence));
    }
  }
}
