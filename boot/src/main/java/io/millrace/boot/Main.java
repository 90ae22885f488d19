package io.millrace.boot;

import io.millrace.boot.commands.Millrace;
import io.millrace.boot.commands.Terminal;
import io.millrace.boot.processes.Installation;

/** The {@code millrace} command. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Millrace.commandLine(Terminal.ofSystem(), Installation::here).execute(args));
  }
}
