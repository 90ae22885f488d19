package io.millrace.event;

import io.millrace.project.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The smallest and largest unscaled value a field allows, in 128 bits: exact for every number that
 * is not a double.
 */
final class Bounds {

  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  private final long minHigh;
  private final long minLow;
  private final long maxHigh;
  private final long maxLow;
  private final String belowMin;
  private final String aboveMax;

  private Bounds(BigInteger min, BigInteger max, String belowMin, String aboveMax) {
    minHigh = min.shiftRight(64).longValue();
    minLow = min.longValue();
    maxHigh = max.shiftRight(64).longValue();
    maxLow = max.longValue();
    this.belowMin = belowMin;
    this.aboveMax = aboveMax;
  }

  static Bounds of(Field field, int scale) {
    BigInteger min =
        field.min().map(m -> unscaled(m, scale, RoundingMode.CEILING)).orElse(LIMIT.negate());
    BigInteger max = field.max().map(m -> unscaled(m, scale, RoundingMode.FLOOR)).orElse(LIMIT);
    return new Bounds(min, max, belowMin(field), aboveMax(field));
  }

  static String belowMin(Field field) {
    return field.min().map(m -> " is below the minimum " + m.toPlainString()).orElse("");
  }

  static String aboveMax(Field field) {
    return field.max().map(m -> " is above the maximum " + m.toPlainString()).orElse("");
  }

  private static BigInteger unscaled(BigDecimal bound, int scale, RoundingMode rounding) {
    BigInteger unscaled = bound.setScale(scale, rounding).unscaledValue();
    return unscaled.max(LIMIT.negate()).min(LIMIT);
  }

  boolean areBroken(long high, long low) {
    return isLess(high, low, minHigh, minLow) || isLess(maxHigh, maxLow, high, low);
  }

  String sentence(long high, long low) {
    return isLess(high, low, minHigh, minLow) ? belowMin : aboveMax;
  }

  private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
    return high < otherHigh || (high == otherHigh && Long.compareUnsigned(low, otherLow) < 0);
  }
}
