package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads questions: files under {@code practice/}, each with the questions of one category. */
final class QuestionReader {

  static final Key<Placed<String>> SQL =
      Key.required("sql", Forms.text().placed(), "A SELECT that is refused.");
  static final Key<String> WHY = Key.required("why", Forms.text(), "What is wrong with it.");
  static final Shape WRONG_ANSWER = new Shape(WHY, SQL);

  static final Key<String> TEXT =
      Key.required("text", Forms.text(), "What to select: the columns, in order, and the rows.");
  static final Key<List<String>> ORDER_BY =
      Key.optional(
          "order_by",
          Forms.listOf(Forms.text()),
          "Columns of the solution whose values say how rows follow each other; without it the order is free.");
  static final Key<List<String>> HINTS =
      Key.optional("hints", Forms.listOf(Forms.text()), "Help, the least first.");
  static final Key<Placed<String>> SOLUTION =
      Key.required(
          "solution",
          Forms.text().placed(),
          "A SELECT whose rows are right. It stays on the server.");
  static final Key<List<Values>> WRONG =
      Key.optional(
          "wrong", Forms.listOf(WRONG_ANSWER), "Answers that must be refused; tests try them.");
  static final Shape TASK = new Shape(TEXT, ORDER_BY, HINTS, SOLUTION, WRONG);

  private static final Form<String> TEST_CLASS =
      Forms.matching(
          "[a-z]+(\\.[a-z]+)+\\.[A-Z][A-Za-z]*",
          "the name of a class",
          "write it with its package",
          "class with its package");

  static final Key<String> NAME = Key.required("name", Forms.text(), "What it is called.");
  static final Key<String> TITLE = Key.required("title", Forms.text(), "The question.");
  static final Key<Integer> DIFFICULTY =
      Key.required("difficulty", Forms.whole(1, Question.HARDEST), "1 is easy.");
  static final Key<List<String>> TAGS =
      Key.required("tags", Forms.listOf(Forms.text()), "Words to find it by.");
  static final Key<String> FEATURE =
      Key.optional("feature", Forms.text(), "What answers it; needs `command` and `test`.");
  static final Key<String> COMMAND =
      Key.optional("command", Forms.text(), "A command that shows the feature.");
  static final Key<String> TEST =
      Key.optional("test", TEST_CLASS, "The test that holds the feature.");
  static final Key<String> NOT_YET =
      Key.optional("not_yet", Forms.text(), "What has to be built before there is an answer.");
  static final Key<Values> TASK_KEY =
      Key.optional("task", TASK, "A SELECT to be written, graded by its rows.");

  static final Shape QUESTION =
      new Shape(NAME, TITLE, DIFFICULTY, TAGS, FEATURE, COMMAND, TEST, NOT_YET, TASK_KEY);

  static final Key<String> CATEGORY =
      Key.required("category", Forms.text(), "What the questions of the file are about.");
  static final Key<List<Placed<Values>>> QUESTIONS =
      Key.required(
          "questions", Forms.listOf(QUESTION.placed()), "The questions, in the order shown.");

  static final Shape PRACTICE = new Shape(CATEGORY, QUESTIONS);

  private final Path file;
  private final SqlChecker sql;
  private final Flaws flaws;

  private QuestionReader(Path file, SqlChecker sql, Flaws flaws) {
    this.file = file;
    this.sql = sql;
    this.flaws = flaws;
  }

  /**
   * The questions of a file that have no flaws.
   *
   * @param places where each name of a question was seen first, to be added to
   */
  static List<Question> read(
      Path file, Yaml document, SqlChecker sql, Map<String, String> places, Flaws flaws) {
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "describe the questions: category, questions");
      return List.of();
    }
    return PRACTICE
        .read(document, flaws)
        .map(values -> new QuestionReader(file, sql, flaws).questions(values, places))
        .orElse(List.of());
  }

  private List<Question> questions(Values values, Map<String, String> places) {
    String category = values.find(CATEGORY).orElse("");
    List<Question> questions = new ArrayList<>();
    for (Placed<Values> question : values.find(QUESTIONS).orElse(List.of())) {
      question.value().find(NAME).ifPresent(name -> checkName(name, question, places));
      question(category, question).ifPresent(questions::add);
    }
    return questions;
  }

  private void checkName(String name, Placed<Values> question, Map<String, String> places) {
    int line = question.value().line(NAME);
    if (!Identifiers.isValid(name)) {
      flaws.add(
          line,
          "'" + name + "' cannot be a name",
          "use lower-case letters, digits and '_', starting with a letter");
    }
    String place = places.putIfAbsent(name, file + ":" + line);
    if (place != null) {
      flaws.add(line, "the question '" + name + "' was there before, in " + place, "rename one");
    }
  }

  private Optional<Question> question(String category, Placed<Values> placed) {
    Values values = placed.value();
    Optional<Question.Task> task = values.find(TASK_KEY).flatMap(this::task);
    checkAnswer(values, placed.line());
    if (!flaws.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Question(
            values.get(NAME),
            file,
            placed.line(),
            category,
            values.get(TITLE).strip(),
            values.get(DIFFICULTY),
            values.get(TAGS),
            values
                .find(FEATURE)
                .map(it -> new Question.Feature(it.strip(), values.get(COMMAND), values.get(TEST))),
            values.find(NOT_YET).map(String::strip),
            task));
  }

  /** A question claims an answer with what shows and holds it, or none. */
  private void checkAnswer(Values values, int line) {
    if (values.has(FEATURE) && values.has(NOT_YET)) {
      flaws.add(line, "the question has both 'feature' and 'not_yet'", "take one of them out");
    } else if (!values.has(FEATURE) && !values.has(NOT_YET) && !values.has(TASK_KEY)) {
      flaws.add(
          line,
          "the question has no answer",
          "add 'feature' with what answers it, 'not_yet' or 'task'");
    }
    for (Key<String> key : List.of(COMMAND, TEST)) {
      if (values.has(FEATURE) != values.has(key)) {
        flaws.add(
            line,
            "the question has '%s' without '%s'"
                .formatted(
                    values.has(FEATURE) ? FEATURE.name() : key.name(),
                    values.has(FEATURE) ? key.name() : FEATURE.name()),
            "write both, or neither");
      }
    }
  }

  private Optional<Question.Task> task(Values values) {
    Optional<Placed<String>> solution = values.find(SOLUTION);
    if (solution.isEmpty()) {
      return Optional.empty();
    }
    int before = flaws.found().size();
    var tables = sql.reads(solution.get().value(), solution.get().line(), flaws);
    if (tables.isEmpty() && sql.reader().isPresent() && flaws.found().size() == before) {
      flaws.add(solution.get().line(), "the solution reads no table", "select from the data set");
    }
    List<Question.Wrong> wrong = new ArrayList<>();
    for (Values answer : values.find(WRONG).orElse(List.of())) {
      answer
          .find(SQL)
          .ifPresent(
              it -> {
                sql.reads(it.value(), it.line(), flaws);
                wrong.add(new Question.Wrong(answer.find(WHY).orElse(""), sql(it)));
              });
    }
    return values
        .find(TEXT)
        .map(
            text ->
                new Question.Task(
                    text.strip(),
                    tables,
                    values.find(ORDER_BY).orElse(List.of()),
                    values.find(HINTS).orElse(List.of()),
                    sql(solution.get()),
                    wrong));
  }

  private static Question.Sql sql(Placed<String> text) {
    return new Question.Sql(text.value(), text.line());
  }
}
