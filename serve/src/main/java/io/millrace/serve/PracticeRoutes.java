package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.engine.Answer;
import io.millrace.engine.Engine;
import io.millrace.engine.Grade;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.project.Project;
import io.millrace.project.Question;
import io.millrace.project.Sight;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code GET /api/practice}: the project's SQL tasks; {@code POST /api/practice/{name}}: grades an
 * answer to one. Answer and solution read the same moment, with the same eyes. The solution is
 * never told.
 */
final class PracticeRoutes {

  /** More rows than a person compares. */
  private static final int MOST_ROWS = 10_000;

  /** A task as its solver may see it. */
  private record Task(
      String name,
      String category,
      String title,
      int difficulty,
      List<String> tags,
      String text,
      List<TableName> tables,
      List<String> orderBy,
      List<String> hints) {

    static Task of(Question question) {
      Question.Task task = question.task().orElseThrow();
      return new Task(
          question.name(),
          question.category(),
          question.title(),
          question.difficulty(),
          question.tags(),
          task.text(),
          task.tables().stream().sorted().toList(),
          task.orderBy(),
          task.hints());
    }
  }

  private record Tasks(String project, List<Task> tasks) {}

  /** What is handed in. */
  record Solved(String sql) {

    Solved {
      if (sql == null || sql.isBlank()) {
        throw MillraceException.caller("Cannot grade the answer: 'sql' is empty");
      }
    }
  }

  /** The verdict, with the columns of the rows that differ. */
  private record Graded(
      boolean right,
      String sentence,
      List<Rows.Column> columns,
      long missingRows,
      long extraRows,
      List<List<Object>> missing,
      List<List<Object>> extra) {

    static Graded of(Grade grade, Answer right) {
      return new Graded(
          grade.right(),
          grade.sentence(),
          right.columns(),
          grade.missingRows(),
          grade.extraRows(),
          grade.missing(),
          grade.extra());
    }
  }

  private final Map<String, Question> tasks = new TreeMap<>();
  private final Tasks told;
  private final Engine engine;
  private final Usage usage;
  private final InstantSource clock;

  PracticeRoutes(Project project, Engine engine, Usage usage, InstantSource clock) {
    List<Question> withTask =
        project.questions().stream().filter(it -> it.task().isPresent()).toList();
    withTask.forEach(question -> tasks.put(question.name(), question));
    this.told = new Tasks(project.name(), withTask.stream().map(Task::of).toList());
    this.engine = engine;
    this.usage = usage;
    this.clock = clock;
  }

  void all(Context request) {
    Json.answer(request, HttpStatus.OK, told);
  }

  void grade(Context request) throws IOException {
    Question question = tasks.get(request.pathParam("name"));
    if (question == null) {
      throw MillraceException.caller(
          "Cannot find task '%s': %s"
              .formatted(
                  request.pathParam("name"),
                  NearMatch.remedy(tasks.keySet(), request.pathParam("name"))));
    }
    JsonBody.read(request, "the answer", Solved.class)
        .ifPresent(
            solved ->
                Json.answer(
                    request, HttpStatus.OK, counted(question, solved.sql(), Access.of(request))));
  }

  /** Under the name of the task: the text of its solution would tell it. */
  private Graded counted(Question question, String sql, Sight sight) {
    long began = System.nanoTime();
    try {
      return graded(question, sql, sight);
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      usage.note(new Work(Usage.Kind.QUERY, "practice " + question.name(), 1, took, 0));
    }
  }

  private Graded graded(Question question, String sql, Sight sight) {
    AsOf now = new AsOf.Time(clock.instant());
    Answer given = answer(Query.of(sql).asOf(now).seenWith(sight));
    Question.Task task = question.task().orElseThrow();
    Answer right = solution(question, Query.of(task.solution().text()).asOf(now).seenWith(sight));
    if (right.rows().isEmpty()) {
      throw MillraceException.world(
          "Cannot grade '%s': its tables have no rows yet; load events and build them first"
              .formatted(question.name()));
    }
    return Graded.of(Grade.of(given, right, task.orderBy()), right);
  }

  /** What goes wrong with it is for the log: the sentence would quote it. */
  private Answer solution(Question question, Query query) {
    try {
      return answer(query);
    } catch (MillraceException e) {
      if (e.code() == MillraceException.Code.WORLD) {
        throw e;
      }
      throw MillraceException.us(
          "Cannot grade '%s': its solution does not run; the server's log says why"
              .formatted(question.name()),
          e);
    }
  }

  private Answer answer(Query query) {
    try (Rows rows = engine.query(query)) {
      return Answer.read(rows, MOST_ROWS);
    }
  }
}
