package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Question;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tasks of the pack that ships, solved and missed on its warehouse. */
class PracticeTest {

  /** As many rows as the server grades. */
  private static final int MOST_ROWS = 10_000;

  private static final int WRONG_ANSWERS = 3;
  private static final Pattern QUERY = Pattern.compile("millrace query \"(.*)\"", Pattern.DOTALL);

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();

  private static List<Question> tasks() {
    return warehouse.project().questions().stream().filter(it -> it.task().isPresent()).toList();
  }

  @Test
  void thereAreTasksOfEachDifficulty() {
    assertThat(tasks()).hasSizeGreaterThanOrEqualTo(40);
    assertThat(tasks()).extracting(Question::difficulty).contains(1, 2, 3, 4, 5);
  }

  @Test
  void solutionsAreRightAndTypicalMistakesAreRefused() {
    List<String> faults = new ArrayList<>();
    for (Question question : tasks()) {
      try {
        check(question, faults);
      } catch (SQLException | IllegalArgumentException e) {
        faults.add(place(question) + e.getMessage());
      }
    }
    assertThat(faults).isEmpty();
  }

  private static String place(Question question) {
    return "%s:%d %s: ".formatted(question.file(), question.line(), question.name());
  }

  private static void check(Question question, List<String> faults) throws SQLException {
    Question.Task task = question.task().orElseThrow();
    Answer right = warehouse.answer(task.solution().text());
    if (right.rows().isEmpty() || right.rows().size() > MOST_ROWS) {
      faults.add(place(question) + "its solution has " + right.rows().size() + " rows");
    }
    Grade again = Grade.of(warehouse.answer(task.solution().text()), right, task.orderBy());
    if (!again.right()) {
      faults.add(place(question) + "its solution is not always the same: " + again.sentence());
    }
    if (task.wrong().size() < WRONG_ANSWERS) {
      faults.add(place(question) + "has " + task.wrong().size() + " wrong answers");
    }
    for (Question.Wrong wrong : task.wrong()) {
      // A wrong answer is one that runs: a statement that fails shows nothing.
      if (Grade.of(warehouse.answer(wrong.sql().text()), right, task.orderBy()).right()) {
        faults.add(place(question) + "is fooled: " + wrong.why());
      }
    }
  }

  @Test
  void queriesThatShowAFeatureFindSomething() {
    List<String> faults = new ArrayList<>();
    for (Question question : warehouse.project().questions()) {
      Matcher query = QUERY.matcher(question.feature().map(Question.Feature::command).orElse(""));
      // Tables of operations are the server's own.
      if (query.matches() && !query.group(1).contains("ops.")) {
        try {
          if (warehouse.rows(query.group(1)).isEmpty()) {
            faults.add(place(question) + "its command finds nothing");
          }
        } catch (SQLException e) {
          faults.add(place(question) + e.getMessage());
        }
      }
    }
    assertThat(faults).isEmpty();
  }
}
