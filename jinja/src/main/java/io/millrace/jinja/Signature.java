package io.millrace.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a macro is called with.
 *
 * @param parameters by name, each with the expression that stands for it if it is not given
 */
record Signature(String name, Map<String, Optional<String>> parameters) {

  private static final Pattern WRITTEN =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)?\\s*\\((.*)\\)\\s*", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Reads {@code name(first, second='x')}; the name may be missing. */
  static Optional<Signature> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      return Optional.empty();
    }
    Map<String, Optional<String>> parameters = new LinkedHashMap<>();
    for (String parameter : Code.split(written.group(2), ',')) {
      if (parameter.isBlank()) {
        continue;
      }
      int equals = Code.indexOf(parameter, '=');
      String name = (equals < 0 ? parameter : parameter.substring(0, equals)).strip();
      if (!NAME.matcher(name).matches()) {
        return Optional.empty();
      }
      parameters.put(
          name,
          equals < 0 ? Optional.empty() : Optional.of(parameter.substring(equals + 1).strip()));
    }
    return Optional.of(new Signature(Optional.ofNullable(written.group(1)).orElse(""), parameters));
  }

  List<String> names() {
    return new ArrayList<>(parameters.keySet());
  }
}
