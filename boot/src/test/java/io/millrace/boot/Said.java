package io.millrace.boot;

import io.millrace.boot.commands.Millrace;
import io.millrace.boot.commands.Terminal;
import io.millrace.boot.processes.Installation;
import io.millrace.testkit.Repository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a {@code millrace} command says that runs in this JVM: quicker than a {@link Command}, for
 * those that only ask what is up.
 *
 * @param text what it prints, errors too
 */
record Said(int exitCode, String text) {

  static Said by(String... words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int exitCode =
        Millrace.commandLine(
                new Terminal(stream, stream, false, false),
                () -> new Installation(Repository.here().root()))
            .execute(words);
    return new Said(exitCode, printed.toString(StandardCharsets.UTF_8));
  }

  /** Its text, however wide its columns are. */
  String narrow() {
    return text.replaceAll(" +", " ");
  }
}
