package io.millrace.boot.commands;

import io.millrace.core.MillraceException;

/** How a command ends. */
enum Exit {
  OK(0, "Done, and the answer is yes."),
  NO(
      1,
      "Done, and the answer is no: a proof does not hold, a check found mistakes, a build failed."),
  USAGE(2, "The command, a file or an argument is wrong; the sentence says what to change."),
  WORLD(3, "Nothing runs here, or a disk, port or other process refused."),
  BUG(4, "A mistake in Millrace. Please report it with what was printed.");

  private final int code;
  private final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }

  static Exit of(MillraceException e) {
    return switch (e.code()) {
      case CALLER -> USAGE;
      case WORLD, UNKNOWN -> WORLD;
      case US -> BUG;
    };
  }
}
