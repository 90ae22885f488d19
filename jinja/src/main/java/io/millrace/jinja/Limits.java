package io.millrace.jinja;

/** How much one rendering may do. Projects stay far below; a template without an end does not. */
final class Limits {

  /** As much SQL as is read. */
  static final int MAX_CHARACTERS = 256 << 10;

  static final int MAX_ITEMS = 10_000;

  /** Passes of loops and calls, together. */
  static final int MAX_STEPS = 20_000;

  static final int MAX_DEPTH = 40;

  private Limits() {}
}
