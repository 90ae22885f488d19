package io.millrace.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of all questions of a project, made of its files under {@code practice/}. */
final class QuestionsPage {

  private QuestionsPage() {}

  static String text(List<Question> questions) {
    Map<String, List<Question>> categories = new LinkedHashMap<>();
    questions.forEach(
        it -> categories.computeIfAbsent(it.category(), first -> new ArrayList<>()).add(it));
    StringBuilder page = new StringBuilder(head(questions));
    categories.forEach(
        (category, asked) -> {
          page.append("\n## ").append(category).append("\n\n");
          asked.stream().filter(it -> !isTaskAlone(it)).forEach(it -> page.append(entry(it)));
          if (asked.stream().anyMatch(QuestionsPage::isTaskAlone)) {
            page.append("| Task | Difficulty | Tags |\n|---|---|---|\n");
            asked.stream().filter(QuestionsPage::isTaskAlone).forEach(it -> page.append(row(it)));
          }
        });
    return page.toString().strip() + "\n";
  }

  private static String head(List<Question> questions) {
    return """
        # What is asked, and what answers it

        Questions that data engineers are asked about their work, and what in Millrace answers each: a feature, a command that
        shows it on the running [demo](guide/quickstart.md), and the test that holds it. What is not built yet says so. SQL
        tasks are solved in the console, as [Practice](guide/practice.md) tells.

        This page is made of `packs/retail/practice/*.yaml`: %d questions are answered, %d are not yet, and %d tasks are to be
        solved. Difficulty goes from 1 to %d.
        """
        .formatted(
            questions.stream().filter(it -> it.feature().isPresent()).count(),
            questions.stream().filter(it -> it.missing().isPresent()).count(),
            questions.stream().filter(it -> it.task().isPresent()).count(),
            Question.HARDEST);
  }

  private static boolean isTaskAlone(Question question) {
    return question.feature().isEmpty() && question.missing().isEmpty();
  }

  private static String entry(Question question) {
    String task = question.task().isPresent() ? " · a task in the console" : "";
    String about =
        "### %s\n\n*Difficulty %d · %s%s*\n\n"
            .formatted(question.title(), question.difficulty(), tags(question), task);
    return about
        + question.feature().map(QuestionsPage::feature).orElse("")
        + question.missing().map("**Not yet.** %s\n\n"::formatted).orElse("");
  }

  private static String feature(Question.Feature feature) {
    String name = feature.test().substring(feature.test().lastIndexOf('.') + 1);
    String module = feature.test().split("\\.", -1)[2];
    return "%s\n\n    %s\n\nHeld by [%s](../%s/src/test/java/%s.java).\n\n"
        .formatted(
            feature.description(),
            feature.command().replaceFirst("^millrace", "./millrace").strip(),
            name,
            module,
            feature.test().replace('.', '/'));
  }

  private static String row(Question question) {
    return "| %s | %d | %s |\n".formatted(question.title(), question.difficulty(), tags(question));
  }

  private static String tags(Question question) {
    return question.tags().stream().collect(Collectors.joining(", "));
  }
}
