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
import java.util.UUID;

/**
 * Replaces the values of a decoded event that tell who somebody is by what its contract says that
 * tables hold: pseudonyms, or what masks leave. For one thread.
 */
public final class Protection {

  /** For contracts without such values. */
  public static final Protection NONE = new Protection(List.of());

  private final List<Step> steps;

  private Protection(List<Step> steps) {
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
      Field field = fields.get(i);
      if (field.isPersonal() && !isClear(field)) {
        steps.add(new Step(i, treats(field, pseudonyms)));
      }
    }
    return new Protection(List.copyOf(steps));
  }

  private static boolean isClear(Field field) {
    return field.personal().filter(it -> it.treatment() == Treatment.CLEAR).isPresent();
  }

  private static Treats treats(Field field, Pseudonyms pseudonyms) {
    if (field.personal().isEmpty()) {
      return within(field.type(), pseudonyms);
    }
    Personal personal = field.personal().get();
    return personal.treatment() == Treatment.MASK
        ? masked(new Mask(personal.kept()))
        : pseudonym((Type.Scalar) field.type(), pseudonyms);
  }

  private static Treats within(Type type, Pseudonyms pseudonyms) {
    if (type instanceof Type.Struct struct) {
      Protection fields = of(struct.fields(), pseudonyms);
      return (row, position, partition, offset) ->
          fields.apply(row.rowAt(position), partition, offset);
    }
    if (type instanceof Type.ListOf list && list.element() instanceof Type.Struct struct) {
      Treats element = within(struct, pseudonyms);
      return (row, position, partition, offset) ->
          treatEach(row.rowAt(position), element, partition, offset);
    }
    return (row, position, partition, offset) -> {};
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
      default ->
          (row, position, partition, offset) -> {
            Pseudonym found =
                pseudonyms.of(
                    row.bytesAt(position),
                    row.offsetAt(position),
                    row.lengthAt(position),
                    partition,
                    offset);
            byte[] text = text(found.toString());
            row.replace(position, text, text.length);
          };
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
