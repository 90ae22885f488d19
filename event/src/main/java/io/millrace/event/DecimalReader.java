package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Type;

/** Exact numbers; nothing is ever rounded. */
final class DecimalReader extends NumericReader {

  private final int precision;
  private final int scale;
  private final Bounds bounds;

  DecimalReader(Field field, Type.Decimal type, EventBytes event, JsonScanner json) {
    super(type.words(), event, json);
    precision = type.precision();
    scale = type.scale();
    bounds = Bounds.of(field, scale);
  }

  /** The scale of a type's values; 0 if it is not a decimal. */
  static int scale(Type type) {
    return type instanceof Type.Decimal decimal ? decimal.scale() : 0;
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    if (!numbers.unscaled(precision, scale)) {
      outOfRange(at, end);
    } else if (bounds.areBroken(numbers.high, numbers.low)) {
      notAllowed(at, end, bounds.sentence(numbers.high, numbers.low));
    } else {
      row.setDecimal(position, numbers.high, numbers.low);
    }
  }
}
