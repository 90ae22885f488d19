package io.millrace.jinja;

import com.hubspot.jinjava.interpret.TemplateError;
import io.millrace.project.Templates.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Jinjava complains of, in a sentence of ours. */
final class Complaint {

  private static final Pattern PARSING =
      Pattern.compile("(?s).*Error parsing '(.*)': (syntax error at position \\d+, )?(.*)");
  private static final Pattern UNKNOWN_TAG = Pattern.compile("(?s).*Unknown tag: (\\S+).*");
  private static final Pattern NO_FUNCTION =
      Pattern.compile("(?s).*[Cc]ould not resolve function '(\\w+)'.*");
  private static final Pattern UNFIT =
      Pattern.compile("(?s)Cannot coerce '(.*?)' of class \\S+ to class \\S+");
  private static final String CORRECT = "correct it";

  private Complaint() {}

  static Problem of(TemplateError error) {
    Optional<Problem> ours = ours(error.getException());
    if (ours.isPresent()) {
      return ours.get();
    }
    String message = String.valueOf(error.getMessage());
    Matcher function = NO_FUNCTION.matcher(message);
    if (function.matches()) {
      return new Problem(
          "macro '" + function.group(1) + "' is not known",
          "write it in a file of macros/, or correct its name");
    }
    Matcher tag = UNKNOWN_TAG.matcher(message);
    if (tag.matches()) {
      return new Problem("tag '" + tag.group(1) + "' is not known", CORRECT);
    }
    if (error.getReason() == TemplateError.ErrorReason.DISABLED) {
      String what = error.getFieldName().replaceFirst("^(filter|exptest):", "");
      return new Problem("'" + what + "' cannot be used here", "take it out");
    }
    return general(message);
  }

  static Problem of(RuntimeException thrown) {
    return ours(thrown).orElseGet(() -> general(String.valueOf(thrown.getMessage())));
  }

  private static Problem general(String message) {
    Matcher parsing = PARSING.matcher(message);
    if (parsing.matches()) {
      return new Problem(
          "the expression cannot be read: %s: %s"
              .formatted(shortened(parsing.group(1)), firstLine(parsing.group(3))),
          CORRECT);
    }
    if (message.contains("TooBigException")) {
      return new Problem(
          "the template makes more than %d characters, or lists of more than %d items"
              .formatted(Limits.MAX_CHARACTERS, Limits.MAX_ITEMS),
          "make less of it in the template");
    }
    Matcher unfit = UNFIT.matcher(message);
    if (unfit.find()) {
      return new Problem(
          "'%s' is no number".formatted(shortened(unfit.group(1))),
          "use ~ to join texts, or 'text'.format(value)");
    }
    return new Problem("the template cannot be rendered: " + firstLine(message), CORRECT);
  }

  private static Optional<Problem> ours(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return Optional.of(problem);
      }
    }
    return Optional.empty();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private static String shortened(String expression) {
    String line = expression.replaceAll("\\s+", " ").replace(".__call__(", "(");
    return line.length() > 120 ? line.substring(0, 120) + "..." : line;
  }
}
