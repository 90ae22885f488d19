package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Placed;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether what a model sees of its inputs fits how it is built. */
final class InputChecks {

  private final Project project;
  private final Model model;
  private final ModelConfig config;
  private final Flaws flaws;

  private InputChecks(Project project, Model model, ModelConfig config, Flaws flaws) {
    this.project = project;
    this.model = model;
    this.config = config;
    this.flaws = flaws;
  }

  /**
   * Checks one model.
   *
   * @param project whose models know what they read
   * @param flaws of the properties file that has the config
   */
  static void check(Project project, Model model, ModelConfig config, Flaws flaws) {
    new InputChecks(project, model, config, flaws).check();
  }

  private void check() {
    int before = flaws.found().size();
    config.inputs().forEach(this::checkDeclared);
    if (flaws.found().size() > before || config.materialization() instanceof Materialization.View) {
      return;
    }
    Set<InputMode> modes = EnumSet.noneOf(InputMode.class);
    model.reads().forEach(input -> modes.add(project.mode(model, input)));
    if (model.materialization() instanceof Materialization.ByInterval
        && !modes.contains(InputMode.INTERVAL)) {
      flaws.add(
          config.line(),
          "'" + model.name() + "' is built by interval, but none of its inputs is read so",
          "write the event_time of an input, or use another incremental_strategy");
    }
    if (isOfNewRows() && !modes.contains(InputMode.NEW_ROWS)) {
      flaws.add(
          config.line(),
          "'%s' is made of new rows, but of which of its inputs (%s) is not said"
              .formatted(
                  model.name(),
                  model.reads().stream()
                      .map(TableName::toString)
                      .collect(Collectors.joining(", "))),
          "write inputs: {layer.name: new_rows}");
    }
  }

  private void checkDeclared(TableName input, Placed<InputMode> mode) {
    if (!model.reads().contains(input)) {
      flaws.add(
          mode.line(),
          "'%s' does not read '%s'".formatted(model.name(), input),
          model.reads().isEmpty()
              ? "take it out"
              : "it reads "
                  + model.reads().stream()
                      .map(TableName::toString)
                      .collect(Collectors.joining(", ")));
      return;
    }
    unfit(input, mode.value())
        .ifPresent(
            why ->
                flaws.add(
                    mode.line(),
                    why,
                    isOfNewRows() ? "use new_rows, whole or lookup" : "use whole or lookup"));
  }

  private Optional<String> unfit(TableName input, InputMode mode) {
    boolean byInterval = model.materialization() instanceof Materialization.ByInterval;
    return switch (mode) {
      case INTERVAL -> {
        if (!byInterval) {
          yield Optional.of("input '" + input + "' can be read by interval only by microbatch");
        }
        yield project.eventTime(input).isPresent()
            ? Optional.empty()
            : Optional.of("input '" + input + "' has no event_time to be read by interval");
      }
      case NEW_ROWS ->
          isOfNewRows()
              ? Optional.empty()
              : Optional.of(
                  "input '"
                      + input
                      + "' can be read by new rows only by append, merge and"
                      + " delete+insert");
      case AS_OF -> {
        if (!byInterval) {
          yield Optional.of("input '" + input + "' can be read as of a time only by microbatch");
        }
        yield project.snapshot(input).isPresent()
            ? Optional.empty()
            : Optional.of("input '" + input + "' is no snapshot, which alone has other times");
      }
      case WHOLE, LOOKUP -> Optional.empty();
    };
  }

  private boolean isOfNewRows() {
    return model.materialization() instanceof Materialization.Append
        || model.materialization() instanceof Materialization.Merge
        || model.materialization() instanceof Materialization.DeleteInsert;
  }
}
