package io.millrace.engine;

import io.millrace.core.MillraceException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SQL is run for, and how its failures are told. */
enum Task {
  QUERY("the query"),
  BUILD("the build");

  private static final Pattern KIND = Pattern.compile("^([A-Z][A-Za-z ]* Error)[: ]");

  /** Kinds of errors that say nothing of rows. */
  private static final Set<String> OF_SQL =
      Set.of(
          "Binder Error",
          "Catalog Error",
          "Parser Error",
          "Syntax Error",
          "Not implemented Error",
          "Permission Error",
          "Out of Memory Error",
          "IO Error",
          "INTERRUPT Error",
          "INTERNAL Error");

  private static final String SPILLED =
      "what it cannot hold in memory is more than an eighth of the free disk; read fewer rows or columns, or make room";

  private final String words;

  Task(String words) {
    this.words = words;
  }

  /** The caller's error: the SQL asks for what cannot be. */
  MillraceException refused(String reason) {
    return MillraceException.caller(sentence(reason));
  }

  MillraceException tookTooLong(Limits limits, Throwable cause) {
    String remedy =
        switch (this) {
          case QUERY -> "that query_timeout allows; read less, or raise it";
          case BUILD -> "a build may take; build shorter intervals";
        };
    return MillraceException.caller(
        sentence("it took longer than the %d s %s".formatted(limits.timeout().toSeconds(), remedy)),
        cause);
  }

  MillraceException stopped(Throwable cause) {
    return MillraceException.world(sentence("it was stopped, because the process ends"), cause);
  }

  /**
   * DuckDB's error in our words, with who must act.
   *
   * @param reason what it says, with its place
   */
  MillraceException failed(SQLException e, String reason, Limits limits) {
    if (ranOutOfDisk(e)) {
      return MillraceException.world(sentence(SPILLED), e);
    }
    if (ranOutOfMemory(e)) {
      return MillraceException.caller(sentence(tooLarge(limits)), e);
    }
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("IO Error")) {
      return MillraceException.world(sentence(reason), e);
    }
    if (message.startsWith("INTERNAL") || message.startsWith("FATAL")) {
      return MillraceException.us(sentence(reason), e);
    }
    return MillraceException.caller(sentence(reason), e);
  }

  private static boolean ranOutOfDisk(SQLException e) {
    return String.valueOf(e.getMessage()).contains("max_temp_directory_size");
  }

  static boolean ranOutOfMemory(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Out of Memory") || message.contains("could not allocate block");
  }

  private String tooLarge(Limits limits) {
    String remedy =
        switch (this) {
          case QUERY -> "query_memory allows; read fewer rows or columns, or raise it";
          case BUILD -> "build_memory allows; build shorter intervals, or raise it";
        };
    return "it needs more than the %d MB that %s".formatted(limits.memoryBytes() >> 20, remedy);
  }

  private String sentence(String reason) {
    return "Cannot run " + words + ": " + reason;
  }

  /** Whether an error is of the rows, and so may say values of them, and not of the SQL. */
  static boolean tellsValues(SQLException e) {
    return !OF_SQL.contains(kind(e));
  }

  /** The kind of an error, as DuckDB says it first: {@code Conversion Error}. */
  static String kind(SQLException e) {
    Matcher kind = KIND.matcher(String.valueOf(e.getMessage()).strip());
    return kind.find() ? kind.group(1) : "Error";
  }

  /** What an error says, without the kind in front, which says what the rest says again. */
  static String reason(SQLException e) {
    return String.valueOf(e.getMessage()).strip().replaceFirst("^[A-Z][A-Za-z ]* Error: ", "");
  }
}
