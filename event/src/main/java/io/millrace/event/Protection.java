package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Personal;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Replaces the values of a decoded event that tell who somebody is by what its contract says that
 * tables hold: pseudonyms, or what masks leave. For one thread.
 */
public final class Protection {

  /** For contracts without such values. */
  public static final Protection NONE = new Protection(new Step[0]);

  /** Walked for every event. */
  private final Step[] steps;

  private Protection(Step[] steps) {
    this.steps = steps;
  }

  /** Treats a value of the record at a partition and offset. */
  private interface Treats {
    void treat(EventRow row, int position, int partition, long offset);
  }

  private record Step(int position, Treats treats) {}

  /** What a contract asks for. */
  public static Protection of(StreamContract contract, Pseudonyms pseudonyms) {
    return of(contract.fields(), pseudonyms);
  }

  private static Protection of(List<Field> fields, Pseudonyms pseudonyms) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      int position = i;
      treats(fields.get(i), pseudonyms).ifPresent(it -> steps.add(new Step(position, it)));
    }
    return new Protection(steps.toArray(Step[]::new));
  }

  /** Nothing if tables have the values as they are. */
  private static Optional<Treats> treats(Field field, Pseudonyms pseudonyms) {
    Treatment treatment = field.personal().map(Personal::treatment).orElse(Treatment.CLEAR);
    return switch (treatment) {
      case PSEUDONYM -> Optional.of(pseudonym((Type.Scalar) field.type(), pseudonyms));
      case MASK -> Optional.of(masked(new Mask(field.personal().get().kept())));
      case CLEAR -> within(field.type(), pseudonyms);
    };
  }

  private static Optional<Treats> within(Type type, Pseudonyms pseudonyms) {
    if (type instanceof Type.Struct struct) {
      Protection fields = of(struct.fields(), pseudonyms);
      return Optional.of(fields)
          .filter(it -> it.steps.length > 0)
          .map(
              it ->
                  (row, position, partition, offset) ->
                      it.apply(row.rowAt(position), partition, offset));
    }
    if (type instanceof Type.ListOf list) {
      return within(list.element(), pseudonyms)
          .map(
              element ->
                  (row, position, partition, offset) ->
                      treatEach(row.rowAt(position), element, partition, offset));
    }
    return Optional.empty();
  }

  private static void treatEach(EventRow elements, Treats treats, int partition, long offset) {
    for (int i = 0; i < elements.size(); i++) {
      if (!elements.isNull(i)) {
        treats.treat(elements, i, partition, offset);
      }
    }
  }

  private static Treats masked(Mask mask) {
    return (row, position, partition, offset) -> mask.apply(row, position);
  }

  private static Treats pseudonym(Type.Scalar type, Pseudonyms pseudonyms) {
    return switch (type) {
      case LONG ->
          (row, position, partition, offset) -> {
            byte[] text = text(Long.toString(row.longAt(position)));
            row.setNumber(
                position, pseudonyms.of(text, 0, text.length, partition, offset).asLong());
          };
      case UUID ->
          (row, position, partition, offset) -> {
            ByteBuffer bits =
                ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), 2 * Long.BYTES);
            byte[] text = text(new UUID(bits.getLong(), bits.getLong()).toString());
            Pseudonym found = pseudonyms.of(text, 0, text.length, partition, offset);
            ByteBuffer stored = ByteBuffer.allocate(2 * Long.BYTES);
            stored.putLong(found.uuidHigh()).putLong(found.uuidLow());
            row.replace(position, stored.array(), stored.capacity());
          };
      default -> {
        byte[] text = new byte[Pseudonym.TEXT_BYTES];
        yield (row, position, partition, offset) -> {
          Pseudonym found =
              pseudonyms.of(
                  row.bytesAt(position),
                  row.offsetAt(position),
                  row.lengthAt(position),
                  partition,
                  offset);
          found.writeText(text);
          row.replace(position, text, text.length);
        };
      }
    };
  }

  private static byte[] text(String ascii) {
    return ascii.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Treats the event that was decoded last, once. */
  void apply(EventRow row, int partition, long offset) {
    for (Step step : steps) {
      if (!row.isNull(step.position())) {
        step.treats().treat(row, step.position(), partition, offset);
      }
    }
  }
}
