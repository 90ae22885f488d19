package io.millrace.boot.commands;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command prints. Answers go to {@code out}, so that they can be piped; what is said beside
 * them, progress and errors, goes to {@code err}.
 *
 * @param interactive whether a person watches {@code err}, so that a line may be drawn over
 * @param colour whether {@code out} may have colours
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean colour) {

  /** The system's streams; the script says which of them are a terminal. */
  public static Terminal ofSystem() {
    Map<String, String> environment = System.getenv();
    boolean outWatched = Boolean.getBoolean("millrace.out.terminal");
    boolean errWatched = Boolean.getBoolean("millrace.err.terminal");
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(
        System.out, System.err, errWatched && !plainTerm(environment), outWatched && !plain);
  }

  private static boolean plainTerm(Map<String, String> environment) {
    return environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /** Says a sentence beside the answer. */
  public void say(String sentence) {
    err.println(sentence);
    err.flush();
  }

  String bold(String text) {
    return styled("1", text);
  }

  String good(String text) {
    return styled("32", text);
  }

  String bad(String text) {
    return styled("31", text);
  }

  private String styled(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
