package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option by which an answer is JSON, printed or in a file. */
final class JsonAnswer {

  /** No file: standard output. */
  private static final String PRINTED = "-";

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = PRINTED,
      paramLabel = "FILE",
      preprocessor = OnlyAttached.class,
      description =
          "Print the answer as JSON; with =FILE, write it to that file and print the text.")
  private Optional<String> json = Optional.empty();

  /** Whether the JSON takes the place of the text. */
  boolean isPrinted(JsonNode value, Terminal terminal) {
    if (json.isEmpty()) {
      return false;
    }
    if (json.get().equals(PRINTED)) {
      terminal.out().println(value);
      return true;
    }
    try {
      Files.writeString(Path.of(json.get()), value.toPrettyString() + "\n");
      return false;
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + json.get() + ": " + e.getMessage(), e);
    }
  }

  /** The word after {@code --json} is an argument of the command, unless a = is between them. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if ("=".equals(info.get("separator"))) {
        return false;
      }
      option.setValue(Optional.of(PRINTED));
      return true;
    }
  }
}
