package io.millrace.boot;

import io.millrace.bench.Questions;
import io.millrace.bench.Report;
import io.millrace.bench.Timed;
import io.millrace.core.DataDirectory;
import io.millrace.engine.Query;
import io.millrace.project.Sight;
import java.nio.file.Path;
import java.util.Map;

/**
 * The questions asked of the engine behind the SQL door, as an analyst asks them. {@code
 * MeasuredQueries FOLDER PROJECT DATA LISTS}. Prints seconds of all questions together.
 */
final class MeasuredQueries {

  private MeasuredQueries() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> questions = Questions.of(Path.of(args[1]));
    Questions answers = new Questions();
    try (OpenWarehouse house =
        new OpenWarehouse(Path.of(args[1]), new DataDirectory(Path.of(args[2])))) {
      house.list(Path.of(args[3]).resolve("tables"), true);
      Timed timed = new Timed();
      for (int time = 0; time <= Questions.TIMES; time++) {
        for (var question : questions.entrySet()) {
          long began = System.nanoTime();
          answers.answered(
              question.getKey(),
              house.ask(Query.of(question.getValue()).seenWith(Sight.PSEUDONYMS)));
          timed.took(question.getKey(), time, System.nanoTime() - began);
        }
      }
      answers.write(Path.of(args[0]));
      Report.only("query", timed.seconds());
    }
    System.exit(0);
  }
}
