package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Type;

/** Reads the values of one field, or of one list's elements, into a row. */
abstract class ValueReader {

  final EventBytes event;
  final JsonScanner json;
  private final String wrongType;
  private final String outOfRange;

  ValueReader(String type, EventBytes event, JsonScanner json) {
    this.event = event;
    this.json = json;
    wrongType = " is not of type " + type;
    outOfRange = " does not fit type " + type;
  }

  static ValueReader of(Field field, EventBytes event, JsonScanner json) {
    Type type = field.type();
    if (type instanceof Type.Decimal decimal) {
      return new DecimalReader(field, decimal, event, json);
    }
    if (type instanceof Type.Struct struct) {
      return new StructReader(struct.fields(), event, json);
    }
    if (type instanceof Type.ListOf list) {
      return new ListReader(
          list, of(Field.optional(field.name(), list.element()), event, json), event, json);
    }
    return switch ((Type.Scalar) type) {
      case STRING -> new StringReader(field, event, json);
      case BOOLEAN -> new BooleanReader(event, json);
      case INT, LONG -> new IntegerReader(field, event, json);
      case DOUBLE -> new DoubleReader(field, event, json);
      case DATE -> new DateReader(event, json);
      case TIMESTAMP -> new TimestampReader(event, json);
      case UUID -> new UuidReader(event, json);
      case BINARY ->
          throw new IllegalArgumentException(field.name() + ": JSON has no values of type binary");
    };
  }

  /**
   * Reads the value that begins at {@code at}, other than null, into a position of the row, or
   * notes how it breaks the contract and leaves the position as it is.
   *
   * @return where the value ends, or {@code FAILED}
   */
  abstract int read(int at, EventRow row, int position);

  /**
   * Notes the first required field, in the contract's order, that a struct in here lacks.
   *
   * @param path of the value
   */
  boolean noteMissing(EventRow row, int position, String path) {
    return false;
  }

  /** Passes over a value whose kind is not that of the type. */
  final int wrongType(int at) {
    int end = json.skip(at);
    if (end >= 0) {
      event.breach(Reason.WRONG_TYPE, at, end, wrongType);
    }
    return end;
  }

  final void wrongType(int at, int end) {
    event.breach(Reason.WRONG_TYPE, at, end, wrongType);
  }

  final void outOfRange(int at, int end) {
    event.breach(Reason.OUT_OF_RANGE, at, end, outOfRange);
  }

  final void notAllowed(int at, int end, String sentence) {
    event.breach(Reason.NOT_ALLOWED, at, end, sentence);
  }
}
