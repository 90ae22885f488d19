package io.millrace.serve;

import io.millrace.core.MillraceException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** In place of what erases: finds nobody. */
final class NobodyToErase implements Erasing {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Override
  public List<Part> plan(List<String> people) {
    if (people.isEmpty()) {
      throw MillraceException.caller("Cannot erase: name each person");
    }
    return List.of(new Part("bronze.clicks", 0));
  }

  @Override
  public Certificate erase(List<String> people, Consumer<String> progress) {
    List<Part> found = plan(people);
    progress.accept("looking for " + people.size());
    return new Certificate(1, people.size(), NOON, NOON, found, List.of(), List.of("all of it"));
  }
}
