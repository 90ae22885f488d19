package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The gold questions about the wholesaler, and what was answered, in words. */
public final class Questions {

  private static final List<String> NAMES =
      List.of(
          "invoices_daily",
          "invoices_monthly",
          "invoices_by_country",
          "customer_value",
          "product_performance",
          "invoice_dirt");

  /** Often enough for their median. */
  public static final int TIMES = 3;

  private final Map<String, String> answers = new TreeMap<>();

  /** Their SQL by their names. */
  public static Map<String, String> of(Path project) throws IOException {
    Map<String, String> questions = new LinkedHashMap<>();
    for (String name : NAMES) {
      questions.put(name, Files.readString(project.resolve("models/gold/" + name + ".sql")));
    }
    return questions;
  }

  /** One answer, while its rows come; their order does not matter. */
  public static final class Answer {
    private long rows;
    private long sum;

    public void add(List<Object> row) {
      rows++;
      sum += row.stream().map(String::valueOf).toList().hashCode();
    }

    @Override
    public String toString() {
      return rows + " rows (" + Long.toHexString(sum) + ")";
    }
  }

  public void answered(String question, Answer answer) {
    answers.put(question, answer.toString());
  }

  /** Leaves the answers where they are compared. */
  public void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("made"), answers.toString());
  }
}
