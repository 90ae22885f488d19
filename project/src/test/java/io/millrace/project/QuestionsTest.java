package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsTest {

  /** With a question of each kind. */
  static final String PRACTICE =
      """
      category: Streaming
      questions:
        - name: late_clicks
          title: What becomes of a click that is late?
          difficulty: 2
          tags: [late data]
          feature: It is kept in a table beside the others.
          command: millrace query "SELECT * FROM quarantine.clicks_late"
          test: io.millrace.boot.WarehouseIT
        - name: windows
          title: How is a number kept that slides over time?
          difficulty: 4
          tags: [windows, state]
          not_yet: Detectors are missing.
        - name: clicks_by_kind
          title: Clicks of each kind
          difficulty: 1
          tags: [group by]
          task:
            text: Select event_type and the number of clicks, most first.
            order_by: [clicks]
            hints: [Group by event_type.]
            solution: |
              SELECT event_type, count(*) AS clicks
              FROM bronze.clicks
              GROUP BY event_type
              ORDER BY clicks DESC
            wrong:
              - why: The fewest come first.
                sql: SELECT event_type, count(*) FROM bronze.clicks GROUP BY event_type ORDER BY 2
      """;

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory = ProjectDirectory.ofClicks(folder);
  }

  private List<String> problems(String right, String wrong) {
    assertThat(PRACTICE).contains(right);
    return directory
        .with("practice/streaming.yaml", PRACTICE.replace(right, wrong))
        .problemsWithSql();
  }

  @Test
  void readsQuestionsOfEachKind() {
    List<Question> questions =
        directory.with("practice/streaming.yaml", PRACTICE).loadWithSql().questions();
    assertThat(questions)
        .extracting(Question::name)
        .containsExactly("late_clicks", "windows", "clicks_by_kind");
    assertThat(questions).extracting(Question::category).containsOnly("Streaming");
    assertThat(questions.get(0).feature().orElseThrow().test())
        .isEqualTo("io.millrace.boot.WarehouseIT");
    assertThat(questions.get(1).missing()).hasValue("Detectors are missing.");
    Question.Task task = questions.get(2).task().orElseThrow();
    assertThat(task.tables()).hasToString(Set.of("bronze.clicks").toString());
    assertThat(task.orderBy()).containsExactly("clicks");
    assertThat(task.solution().line()).isEqualTo(24);
    assertThat(task.wrong())
        .extracting(Question.Wrong::why)
        .containsExactly("The fewest come first.");
  }

  @Test
  void claimsNoAnswerWithoutWhatShowsAndHoldsIt() {
    assertThat(problems("    test: io.millrace.boot.WarehouseIT\n", ""))
        .containsExactly(
            "practice/streaming.yaml:3: the question has 'feature' without 'test'; write both, or neither");
    assertThat(problems("    not_yet: Detectors are missing.\n", ""))
        .containsExactly(
            "practice/streaming.yaml:10: the question has no answer; add 'feature' with what answers it, 'not_yet' or 'task'");
    assertThat(problems("    not_yet:", "    test: a.b.C\n    not_yet:"))
        .containsExactly(
            "practice/streaming.yaml:10: the question has 'test' without 'feature'; write both, or neither");
    assertThat(problems("    test: io", "    not_yet: soon\n    test: io"))
        .containsExactly(
            "practice/streaming.yaml:3: the question has both 'feature' and 'not_yet'; take one of them out");
  }

  @Test
  void saysWhatIsWrongWithTheSqlOfATask() {
    assertThat(problems("        FROM bronze.clicks\n", "        FROM bronze.click\n"))
        .singleElement()
        .asString()
        .startsWith("practice/streaming.yaml:25: ")
        .contains("bronze.click");
    assertThat(problems("count(*) FROM bronze.clicks", "count(*) FROM bronze.klicks"))
        .singleElement()
        .asString()
        .startsWith("practice/streaming.yaml:30: ");
    assertThat(problems("        FROM bronze.clicks\n", ""))
        .containsExactly(
            "practice/streaming.yaml:24: the solution reads no table; select from the data set");
  }

  @Test
  void takesEachNameOnce() {
    directory.with("practice/more.yaml", PRACTICE.replace("windows", "clicks_by_kind"));
    assertThat(problems("name: windows", "name: Windows!"))
        .containsExactlyInAnyOrder(
            "practice/more.yaml:15: the question 'clicks_by_kind' was there before, in practice/more.yaml:10; rename one",
            "practice/streaming.yaml:3: the question 'late_clicks' was there before, in practice/more.yaml:3; rename one",
            "practice/streaming.yaml:10: 'Windows!' cannot be a name; use lower-case letters, digits and '_', starting with a letter",
            "practice/streaming.yaml:15: the question 'clicks_by_kind' was there before, in practice/more.yaml:10; rename one");
    assertThat(directory.with("practice/empty.yaml", "").problemsWithSql())
        .contains(
            "practice/empty.yaml: the file is empty; describe the questions: category, questions");
  }
}
