package io.millrace.models;

import io.millrace.core.TableName;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a snapshot of a model's table was built from, kept in the snapshot's summary and so
 * committed with the rows.
 *
 * @param definition fingerprint of the SQL and its configuration
 * @param recipes of its columns; empty for a snapshot from before they were kept
 * @param inputs the snapshot of each table that was read
 * @param held digests of the tests of rows that would have refused it, and did not
 */
record BuiltFrom(
    String definition, Recipes recipes, SortedMap<TableName, Long> inputs, SortedSet<String> held) {

  private static final String DEFINITION = "millrace.definition";
  private static final String RECIPES = "millrace.recipes";
  private static final String INPUTS = "millrace.inputs";
  private static final String HELD = "millrace.held";
  private static final String RUN = "millrace.run";

  BuiltFrom {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
  }

  /** None for a snapshot that no build made. */
  static Optional<BuiltFrom> of(Map<String, String> summary) {
    if (!summary.containsKey(DEFINITION)) {
      return Optional.empty();
    }
    SortedMap<TableName, Long> inputs = new TreeMap<>();
    for (String input : summary.getOrDefault(INPUTS, "").split(",", -1)) {
      int at = input.indexOf('@');
      if (at > 0) {
        inputs.put(TableName.parse(input.substring(0, at)), Long.valueOf(input.substring(at + 1)));
      }
    }
    return Optional.of(
        new BuiltFrom(
            summary.get(DEFINITION),
            Recipes.parse(summary.getOrDefault(RECIPES, "")),
            inputs,
            new TreeSet<>(Arrays.asList(summary.getOrDefault(HELD, "").split(",", -1)))));
  }

  Map<String, String> summary(long run) {
    return Map.of(
        DEFINITION,
        definition,
        RECIPES,
        recipes.toString(),
        INPUTS,
        inputs.entrySet().stream()
            .map(input -> input.getKey() + "@" + input.getValue())
            .collect(Collectors.joining(",")),
        HELD,
        String.join(",", held),
        RUN,
        Long.toString(run));
  }
}
