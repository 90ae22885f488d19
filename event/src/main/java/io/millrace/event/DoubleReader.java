package io.millrace.event;

import io.millrace.project.Field;
import java.math.BigDecimal;

/** Any number, as the double nearest to it. */
final class DoubleReader extends NumericReader {

  private final double min;
  private final double max;
  private final String belowMin;
  private final String aboveMax;

  DoubleReader(Field field, EventBytes event, JsonScanner json) {
    super(field.type().words(), event, json);
    min = field.min().map(BigDecimal::doubleValue).orElse(Double.NEGATIVE_INFINITY);
    max = field.max().map(BigDecimal::doubleValue).orElse(Double.POSITIVE_INFINITY);
    belowMin = Bounds.belowMin(field);
    aboveMax = Bounds.aboveMax(field);
  }

  @Override
  void take(int at, int end, EventRow row, int position) {
    double value = numbers.toDouble();
    if (Double.isInfinite(value)) {
      outOfRange(at, end);
    } else if (value < min || value > max) {
      notAllowed(at, end, value < min ? belowMin : aboveMax);
    } else {
      row.setNumber(position, Double.doubleToRawLongBits(value));
    }
  }
}
