package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Question;
import io.millrace.testkit.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands that the pack's questions name are commands, with options that they have. */
class QuestionCommandsTest {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @Test
  void everyCommandCanBeGiven() {
    Project retail = ProjectReader.load(Repository.here().root().resolve("packs/retail"));
    List<String> faults = new ArrayList<>();
    int commands = 0;
    for (Question question : retail.questions()) {
      if (question.feature().isPresent()) {
        commands++;
        fault(question.feature().get().command())
            .forEach(it -> faults.add(question.file() + ":" + question.line() + ": " + it));
      }
    }
    assertThat(faults).isEmpty();
    assertThat(commands).isGreaterThan(30);
  }

  private static List<String> fault(String command) {
    List<String> words =
        WORD.matcher(command)
            .results()
            .map(it -> it.group(1) == null ? it.group(2) : it.group(1))
            .toList();
    if (!words.get(0).equals("millrace")) {
      return List.of("'" + command + "' is none of ours");
    }
    try {
      Millrace.commandLine(
              new Captured().terminal(),
              () -> {
                throw new IllegalStateException("nothing is run");
              })
          .parseArgs(words.subList(1, words.size()).toArray(new String[0]));
      return List.of();
    } catch (CommandLine.ParameterException e) {
      return List.of("'" + command + "': " + e.getMessage());
    }
  }
}
