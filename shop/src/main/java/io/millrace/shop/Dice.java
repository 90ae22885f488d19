package io.millrace.shop;

/**
 * Random numbers by SplitMix64, spelled out here so that a seed gives the same shop on every Java.
 */
final class Dice {

  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed) {
    state = mix(seed);
  }

  /** A one-to-one map of 64 bits that leaves no pattern. */
  static long mix(long value) {
    long z = value + STEP;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long next() {
    state += STEP;
    return mix(state);
  }

  /** From 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** From 0 to below 1. */
  double share() {
    return (next() >>> 11) * 0x1p-53;
  }

  boolean chance(double probability) {
    return share() < probability;
  }

  <T> T pick(T[] choices) {
    return choices[below(choices.length)];
  }

  /** One of the positions of running totals, each as likely as its step is high. */
  int weighted(double[] totals) {
    double at = share() * totals[totals.length - 1];
    int low = 0;
    int high = totals.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (totals[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Running totals of 1/(rank+1)^skew: few of the first are taken most of the time. */
  static double[] zipf(int count, double skew) {
    double[] totals = new double[count];
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += StrictMath.pow(i + 1, -skew);
      totals[i] = total;
    }
    return totals;
  }
}
