package io.millrace.bench;

import java.nio.file.Path;
import java.util.Map;

/**
 * The questions asked of DuckDB itself over the same files: one connection, with a view of each
 * table. {@code DuckDbQueries FOLDER PROJECT LISTS}. Prints seconds of all questions together.
 */
public final class DuckDbQueries {

  /** What Millrace gives a query. */
  private static final String MEMORY = "512MB";

  private DuckDbQueries() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Map<String, String> questions = Questions.of(Path.of(args[1]));
    Questions answers = new Questions();
    try (DuckDbFiles files = new DuckDbFiles(folder, MEMORY)) {
      files.views(Path.of(args[2]).resolve("tables"));
      Timed timed = new Timed();
      for (int time = 0; time <= Questions.TIMES; time++) {
        for (var question : questions.entrySet()) {
          long began = System.nanoTime();
          answers.answered(question.getKey(), files.ask(question.getValue()));
          timed.took(question.getKey(), time, System.nanoTime() - began);
        }
      }
      answers.write(folder);
      Report.only("query", timed.seconds());
    }
  }
}
