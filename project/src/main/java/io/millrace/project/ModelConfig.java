package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.ConfigShape.Materialized;
import io.millrace.project.ConfigShape.Strategy;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Values;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code config} says of a model or a seed, checked for keys that contradict each other.
 *
 * @param inputs with their lines
 * @param line of what says how it is materialized
 */
record ModelConfig(
    Materialization materialization,
    Optional<String> eventTime,
    Map<TableName, Placed<InputMode>> inputs,
    Schedule schedule,
    Set<String> tags,
    Optional<String> owner,
    int line) {

  /** Without a word in a properties file. */
  static final ModelConfig NONE =
      new ModelConfig(
          new Materialization.View(),
          Optional.empty(),
          Map.of(),
          Schedule.DEFAULT,
          Set.of(),
          Optional.empty(),
          0);

  /** A seed without a word in a properties file. */
  static final ModelConfig SEED =
      new ModelConfig(
          new Materialization.Seed(',', Map.of()),
          Optional.empty(),
          Map.of(),
          Schedule.DEFAULT,
          Set.of(),
          Optional.empty(),
          0);

  /** The ways to build that differ in the keys they need. */
  private enum Kind {
    VIEW("a view"),
    TABLE("a table"),
    APPEND("an incremental model that appends"),
    MERGE("an incremental model that merges"),
    DELETE_INSERT("an incremental model with delete+insert"),
    MICROBATCH("an incremental model with microbatch"),
    MATERIALIZED_VIEW("a materialized view"),
    SNAPSHOT("a snapshot"),
    SCD1("a dimension of kind scd1"),
    SCD3("a dimension of kind scd3");

    private static final Set<Kind> HISTORIES = EnumSet.of(SNAPSHOT, SCD1, SCD3);

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private static final List<Key<?>> OF_BUILDS =
      List.of(
          ConfigShape.INPUTS,
          ConfigShape.SCHEDULE,
          ConfigShape.EVERY,
          ConfigShape.CATCH_UP,
          ConfigShape.RETRIES,
          ConfigShape.RETRY_DELAY,
          ConfigShape.TIME_ZONE);

  /** A key and the ways to build that need it. */
  private record OnlyFor(Key<?> key, Set<Kind> kinds) {}

  private static final List<OnlyFor> ONLY_FOR =
      List.of(
          new OnlyFor(
              ConfigShape.STRATEGY,
              EnumSet.of(Kind.APPEND, Kind.MERGE, Kind.DELETE_INSERT, Kind.MICROBATCH)),
          new OnlyFor(
              ConfigShape.UNIQUE_KEY,
              EnumSet.of(
                  Kind.MERGE,
                  Kind.DELETE_INSERT,
                  Kind.MATERIALIZED_VIEW,
                  Kind.SNAPSHOT,
                  Kind.SCD1,
                  Kind.SCD3)),
          new OnlyFor(ConfigShape.BATCH_SIZE, EnumSet.of(Kind.MICROBATCH)),
          new OnlyFor(ConfigShape.BEGIN, EnumSet.of(Kind.MICROBATCH)),
          new OnlyFor(ConfigShape.DEPENDS_ON_PAST, EnumSet.of(Kind.MICROBATCH)),
          new OnlyFor(ConfigShape.UPDATED_AT, Kind.HISTORIES),
          new OnlyFor(ConfigShape.TAKEN_AT, Kind.HISTORIES),
          new OnlyFor(ConfigShape.DELETED, Kind.HISTORIES),
          new OnlyFor(ConfigShape.HARD_DELETES, Kind.HISTORIES),
          new OnlyFor(ConfigShape.VERSIONS, EnumSet.of(Kind.SNAPSHOT)),
          new OnlyFor(ConfigShape.CHECK_COLS, EnumSet.of(Kind.SNAPSHOT)),
          new OnlyFor(ConfigShape.RECORDED_AT, EnumSet.of(Kind.SNAPSHOT)),
          new OnlyFor(ConfigShape.INFERRED, Kind.HISTORIES),
          new OnlyFor(ConfigShape.SURROGATE_KEY, Kind.HISTORIES),
          new OnlyFor(ConfigShape.PREVIOUS, EnumSet.of(Kind.SCD3)));

  /** Reads the config of a model; empty if it has flaws. */
  static Optional<ModelConfig> ofModel(Values values, Tables tables, Flaws flaws) {
    int before = flaws.found().size();
    Kind kind = kind(values);
    if (values.areSound()) {
      checkKeys(kind, values, flaws);
      checkSchedule(kind, values, flaws);
      dimension(kind).ifPresent(it -> DimensionConfig.check(it, values, flaws));
    }
    Map<TableName, Placed<InputMode>> inputs = inputs(values, tables, flaws);
    if (!values.areSound() || flaws.found().size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new ModelConfig(
            materialization(kind, values),
            values.find(ConfigShape.EVENT_TIME),
            inputs,
            schedule(values),
            Set.copyOf(new HashSet<>(values.find(ConfigShape.TAGS).orElse(List.of()))),
            owner(values),
            values.line(ConfigShape.MATERIALIZED)));
  }

  /** Reads the config of a seed; empty if it has flaws. */
  static Optional<ModelConfig> ofSeed(Values values) {
    if (!values.areSound()) {
      return Optional.empty();
    }
    Map<String, String> types = new LinkedHashMap<>();
    values
        .find(ConfigShape.COLUMN_TYPES)
        .ifPresent(named -> named.forEach(column -> types.put(column.name(), column.value())));
    return Optional.of(
        new ModelConfig(
            new Materialization.Seed(values.get(ConfigShape.DELIMITER), types),
            values.find(ConfigShape.EVENT_TIME),
            Map.of(),
            Schedule.DEFAULT,
            Set.copyOf(new HashSet<>(values.find(ConfigShape.TAGS).orElse(List.of()))),
            owner(values),
            0));
  }

  private static Optional<String> owner(Values values) {
    return values.find(ConfigShape.OWNER).or(() -> ConfigShape.owner(values));
  }

  private static Kind kind(Values values) {
    return switch (values.get(ConfigShape.MATERIALIZED)) {
      case VIEW -> Kind.VIEW;
      case TABLE -> Kind.TABLE;
      case MATERIALIZED_VIEW -> Kind.MATERIALIZED_VIEW;
      case SNAPSHOT -> Kind.SNAPSHOT;
      case SCD1 -> Kind.SCD1;
      case SCD3 -> Kind.SCD3;
      case INCREMENTAL -> kind(strategy(values));
    };
  }

  private static Optional<Dimension.Kind> dimension(Kind kind) {
    return Kind.HISTORIES.contains(kind)
        ? Optional.of(Dimension.Kind.valueOf(kind.name()))
        : Optional.empty();
  }

  private static Strategy strategy(Values values) {
    return values
        .find(ConfigShape.STRATEGY)
        .orElse(values.has(ConfigShape.UNIQUE_KEY) ? Strategy.MERGE : Strategy.APPEND);
  }

  private static Kind kind(Strategy strategy) {
    return switch (strategy) {
      case APPEND -> Kind.APPEND;
      case MERGE -> Kind.MERGE;
      case DELETE_INSERT -> Kind.DELETE_INSERT;
      case MICROBATCH -> Kind.MICROBATCH;
    };
  }

  private static void checkKeys(Kind kind, Values values, Flaws flaws) {
    String change =
        values.find(ConfigShape.MATERIALIZED).orElseThrow() == Materialized.INCREMENTAL
            ? ConfigShape.STRATEGY.name()
            : ConfigShape.MATERIALIZED.name();
    List<Key<?>> unfit = new ArrayList<>();
    ONLY_FOR.stream()
        .filter(only -> !only.kinds().contains(kind))
        .forEach(only -> unfit.add(only.key()));
    if (kind == Kind.VIEW) {
      unfit.addAll(OF_BUILDS);
    }
    unfit.stream()
        .filter(values::has)
        .forEach(key -> unfit(key, kind.words, "take it out, or change " + change, values, flaws));
    if (kind == Kind.MERGE || kind == Kind.DELETE_INSERT || Kind.HISTORIES.contains(kind)) {
      need(ConfigShape.UNIQUE_KEY, kind, values, flaws);
    }
    if (kind == Kind.MICROBATCH) {
      need(ConfigShape.EVENT_TIME, kind, values, flaws);
      need(ConfigShape.BATCH_SIZE, kind, values, flaws);
    }
  }

  static void unfit(Key<?> key, String thing, String remedy, Values values, Flaws flaws) {
    flaws.add(values.line(key), "key '" + key.name() + "' means nothing for " + thing, remedy);
  }

  private static void need(Key<?> key, Kind kind, Values values, Flaws flaws) {
    need(key, kind.words, values, flaws);
  }

  static void need(Key<?> key, String thing, Values values, Flaws flaws) {
    if (!values.has(key)) {
      flaws.add(
          values.line(ConfigShape.STRATEGY),
          thing + " needs the key '" + key.name() + "'",
          "add it: " + key.doc());
    }
  }

  private static void checkSchedule(Kind kind, Values values, Flaws flaws) {
    if (kind == Kind.VIEW) {
      return;
    }
    String schedule = values.get(ConfigShape.SCHEDULE);
    boolean cron = isCron(schedule);
    if (values.has(ConfigShape.EVERY) && !schedule.equals(ConfigShape.ON_CHANGE)) {
      unfit(ConfigShape.EVERY, "schedule '" + schedule + "'", "take it out", values, flaws);
    }
    if (values.has(ConfigShape.CATCH_UP) && !cron) {
      unfit(ConfigShape.CATCH_UP, "schedule '" + schedule + "'", "take it out", values, flaws);
    }
    if (values.has(ConfigShape.TIME_ZONE) && !cron && kind != Kind.MICROBATCH) {
      unfit(
          ConfigShape.TIME_ZONE,
          kind.words + " without a cron schedule",
          "take it out",
          values,
          flaws);
    }
    Placed<ZoneId> zone = values.get(ConfigShape.TIME_ZONE);
    if (values.find(ConfigShape.BATCH_SIZE).equals(Optional.of(Batches.Size.HOUR))
        && !isUtc(zone.value())) {
      flaws.add(
          zone.line(),
          "hours cannot be cut by the zone '" + zone.value() + "'",
          "take time_zone out, or use batch_size: day");
    }
  }

  private static boolean isUtc(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC);
  }

  private static boolean isCron(String schedule) {
    return !schedule.equals(ConfigShape.ON_CHANGE) && !schedule.equals(ConfigShape.MANUAL);
  }

  private static Map<TableName, Placed<InputMode>> inputs(
      Values values, Tables tables, Flaws flaws) {
    Map<TableName, Placed<InputMode>> inputs = new LinkedHashMap<>();
    for (Named<InputMode> input : values.find(ConfigShape.INPUTS).orElse(List.of())) {
      tables
          .referred(new Placed<>(input.name(), input.line()), flaws)
          .ifPresent(
              table -> {
                if (inputs.put(table, new Placed<>(input.value(), input.line())) != null) {
                  flaws.add(input.line(), "input '" + table + "' is named twice", "name it once");
                }
              });
    }
    return inputs;
  }

  private static Materialization materialization(Kind kind, Values values) {
    List<String> uniqueKey = values.find(ConfigShape.UNIQUE_KEY).orElse(List.of());
    return switch (kind) {
      case VIEW -> new Materialization.View();
      case TABLE -> new Materialization.Table();
      case APPEND -> new Materialization.Append();
      case MERGE -> new Materialization.Merge(uniqueKey);
      case DELETE_INSERT -> new Materialization.DeleteInsert(uniqueKey);
      case MICROBATCH ->
          new Materialization.ByInterval(
              new Batches(
                  values.find(ConfigShape.BATCH_SIZE).orElseThrow(),
                  values.find(ConfigShape.BEGIN),
                  zone(values)));
      case MATERIALIZED_VIEW -> new Materialization.MaterializedView(uniqueKey);
      case SNAPSHOT, SCD1, SCD3 ->
          new Materialization.History(DimensionConfig.read(dimension(kind).orElseThrow(), values));
    };
  }

  private static Schedule schedule(Values values) {
    String written = values.get(ConfigShape.SCHEDULE);
    Trigger trigger =
        switch (written) {
          case ConfigShape.ON_CHANGE -> new Trigger.OnChange(values.get(ConfigShape.EVERY));
          case ConfigShape.MANUAL -> new Trigger.Manual();
          default -> new Trigger.Cron(written, zone(values), values.get(ConfigShape.CATCH_UP));
        };
    return new Schedule(
        trigger,
        values.get(ConfigShape.RETRIES),
        values.get(ConfigShape.RETRY_DELAY),
        values.get(ConfigShape.DEPENDS_ON_PAST));
  }

  /** Spelled one way where it is UTC, so that it can be compared. */
  private static ZoneId zone(Values values) {
    ZoneId zone = values.get(ConfigShape.TIME_ZONE).value();
    return isUtc(zone) ? ZoneOffset.UTC : zone;
  }
}
