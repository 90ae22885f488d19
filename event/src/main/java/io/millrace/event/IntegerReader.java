package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Type;

/**
 * Whole numbers of 32 or 64 bits, however they are written: {@code 2}, {@code 2.0}, {@code 2e0}.
 */
final class IntegerReader extends NumericReader {

  private static final int LONG_PRECISION = 19;

  private final boolean isInt;
  private final Bounds bounds;

  IntegerReader(Field field, EventBytes event, JsonScanner json) {
    super(field.type().words(), event, json);
    isInt = field.type() == Type.Scalar.INT;
    bounds = Bounds.of(field, 0);
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    if (!numbers.isIntegral()) {
      wrongType(at, end);
    } else if (!numbers.unscaled(LONG_PRECISION, 0)
        || numbers.high != numbers.low >> 63
        || (isInt && numbers.low != (int) numbers.low)) {
      outOfRange(at, end);
    } else if (bounds.areBroken(numbers.high, numbers.low)) {
      notAllowed(at, end, bounds.sentence(numbers.high, numbers.low));
    } else {
      row.setNumber(position, numbers.low);
    }
  }
}
