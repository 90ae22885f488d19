package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that those who work with data are asked: one entry of a file under {@code practice/}.
 * Either something here answers it, or it says what is missing, or it is a task to be solved.
 *
 * @param category of all questions of its file
 * @param difficulty from 1 to {@value #HARDEST}
 * @param missing what has to be built before there is an answer
 */
public record Question(
    String name,
    Path file,
    int line,
    String category,
    String title,
    int difficulty,
    List<String> tags,
    Optional<Feature> feature,
    Optional<String> missing,
    Optional<Task> task) {

  public static final int HARDEST = 5;

  public Question {
    tags = List.copyOf(tags);
  }

  /**
   * What answers a question.
   *
   * @param description in a sentence or two
   * @param command that shows it: {@code millrace query "..."}
   * @param test the class that holds it
   */
  public record Feature(String description, String command, String test) {}

  /**
   * A SELECT to be written. Whether one is right is judged by its rows alone, held against those of
   * the solution, which no reader is ever shown.
   *
   * @param tables that the solution reads: the data set
   * @param orderBy columns of the solution whose values say in which order the rows come; empty if
   *     the order is free. Rows that tie in all of them come in any order
   */
  public record Task(
      String text,
      Set<TableName> tables,
      List<String> orderBy,
      List<String> hints,
      Sql solution,
      List<Wrong> wrong) {

    public Task {
      tables = Set.copyOf(tables);
      orderBy = List.copyOf(orderBy);
      hints = List.copyOf(hints);
      wrong = List.copyOf(wrong);
    }
  }

  /**
   * A SELECT and where it stands.
   *
   * @param line on which the text begins
   */
  public record Sql(String text, int line) {}

  /**
   * A mistake that people make.
   *
   * @param why it is one
   */
  public record Wrong(String why, Sql sql) {}
}
