package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The keys of {@code millrace.yaml}. A setting is one line: key, bounds, default, what it is. */
final class SettingsShape {

  private static final String SERVERS =
      "^[A-Za-z0-9_.-]+:[0-9]{1,5}(,[A-Za-z0-9_.-]+:[0-9]{1,5})*$";

  private static final Form<String> SERVER_LIST =
      matching(
          "a list of Kafka servers",
          "write host:port, or host:port,host:port",
          SERVERS,
          "`host:port[,host:port]`");

  private static final Form<String> IN_A_BUCKET =
      matching(
          "a place in a bucket",
          "write s3://bucket or s3://bucket/prefix",
          "^s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9_.-]+)*$",
          "`s3://bucket/prefix`");

  private static Form<String> matching(
      String what, String remedy, String pattern, String documented) {
    return new Word<>(
        what,
        remedy,
        text -> Optional.of(text).filter(Pattern.compile(pattern).asMatchPredicate()),
        Forms.pattern(pattern),
        documented);
  }

  static final Key<String> KAFKA =
      Key.optional(
          "kafka", SERVER_LIST, "Servers of an external Kafka; without them a broker is embedded.");
  static final Key<Flink> FLINK =
      Key.withDefault(
          "flink",
          Forms.choice("flink", Flink.values()),
          "embedded",
          "Who runs the stream job: a process that `millrace up` starts, or a Flink cluster that `millrace deploy stream` gives it to.");
  static final Key<String> WAREHOUSE =
      Key.optional(
          "warehouse",
          IN_A_BUCKET,
          "Where the files of tables are; without it in the data directory. It is settled when the project is first started.");
  static final Key<String> WAREHOUSE_ENDPOINT =
      Key.optional(
          "warehouse_endpoint",
          matching(
              "the address of an S3 API",
              "write http://host:port or https://host:port",
              "^https?://[A-Za-z0-9_.-]+(:[0-9]{1,5})?$",
              "`http://host:port`"),
          "The S3 API of the warehouse and the checkpoints; without it that of AWS. Region and credentials are found as AWS's tools find them.");
  static final Key<String> CHECKPOINTS =
      Key.optional(
          "checkpoints",
          IN_A_BUCKET,
          "Where a Flink cluster keeps the checkpoints of the stream job, each project's in a folder of its own; without it in the data directory.");
  static final Key<Durability> DURABILITY =
      Key.withDefault(
          "durability",
          Forms.choice("durability", Durability.values()),
          "process",
          "When the embedded broker acknowledges an event: once the process has handed it to the system, or once the disk has it.");
  static final Key<Duration> COMMIT_INTERVAL =
      Key.withDefault(
          "commit_interval",
          Forms.time("1s", "1h"),
          "5s",
          "How often the stream commits what came in to the lake.");
  static final Key<Integer> STREAM_PARALLELISM =
      Key.withDefault(
          "stream_parallelism", Forms.whole(1, 256), "2", "Subtasks of the stream job.");
  static final Key<Long> STREAM_MEMORY =
      Key.withDefault(
          "stream_memory",
          Forms.size("256MB", "1TB"),
          "1GB",
          "Heap of the stream process. It remembers each event id for its repeat window, in about 30 bytes: 1GB does for 35,000 events a second over 10 minutes.");
  static final Key<Long> QUERY_MEMORY =
      Key.withDefault(
          "query_memory", Forms.size("64MB", "1TB"), "512MB", "Memory limit of one SQL query.");
  static final Key<Duration> QUERY_TIMEOUT =
      Key.withDefault(
          "query_timeout", Forms.time("1s", "1d"), "60s", "Time limit of one SQL query.");
  static final Key<Integer> MAX_BODY =
      Key.withDefault(
          "max_body",
          Forms.size("1KB", "1GB").map(Math::toIntExact),
          "16MB",
          "The largest request body the collector reads, after decompression.");
  static final Key<Integer> MAX_EVENT =
      Key.withDefault(
          "max_event",
          Forms.size("1KB", "16MB").map(Math::toIntExact),
          "1MB",
          "The largest single event.");
  static final Key<Integer> MAX_EVENTS_PER_SECOND =
      Key.withDefault(
          "max_events_per_second",
          Forms.whole(1, 100_000_000),
          "500000",
          "Events per second and write key before the collector answers 429.");
  static final Key<Long> MIN_FREE_DISK =
      Key.withDefault(
          "min_free_disk",
          Forms.size("0B", "1TB"),
          "256MB",
          "Below this much free disk the collector answers 503.");
  static final Key<Duration> TOPIC_RETENTION =
      Key.withDefault(
          "topic_retention", Forms.time("1h", "3650d"), "7d", "How long topics keep events.");
  static final Key<Duration> PERSONAL_RETENTION =
      Key.withDefault(
          "personal_retention",
          Forms.time("1h", "3650d"),
          "1d",
          "How long topics keep events with personal data, which are there as they came; never longer than `topic_retention`.");
  static final Key<Duration> SNAPSHOT_RETENTION =
      Key.withDefault(
          "snapshot_retention",
          Forms.time("1m", "3650d"),
          "1h",
          "How long old snapshots of a table can be read.");
  static final Key<Duration> HOURLY_SNAPSHOTS =
      Key.withDefault(
          "hourly_snapshots",
          Forms.time("0s", "3650d"),
          "7d",
          "How long the last snapshot of each hour can be read.");
  static final Key<Long> BUILD_MEMORY =
      Key.withDefault(
          "build_memory",
          Forms.size("64MB", "1TB"),
          "1GB",
          "Memory limit of one build of a model.");
  static final Key<Integer> BUILD_PARALLELISM =
      Key.withDefault("build_parallelism", Forms.whole(1, 64), "1", "Builds that run at once.");
  static final Key<Integer> UPKEEP_CPU =
      Key.withDefault(
          "upkeep_cpu", Forms.whole(1, 100), "25", "Percent of one core that upkeep may use.");
  static final Key<Long> UPKEEP_BYTES =
      Key.withDefault(
          "upkeep_bytes",
          Forms.size("1MB", "1TB"),
          "1GB",
          "How many bytes one round of upkeep rewrites.");

  static final Shape SETTINGS =
      new Shape(
          KAFKA,
          FLINK,
          WAREHOUSE,
          WAREHOUSE_ENDPOINT,
          CHECKPOINTS,
          DURABILITY,
          COMMIT_INTERVAL,
          STREAM_PARALLELISM,
          STREAM_MEMORY,
          QUERY_MEMORY,
          QUERY_TIMEOUT,
          MAX_BODY,
          MAX_EVENT,
          MAX_EVENTS_PER_SECOND,
          MIN_FREE_DISK,
          TOPIC_RETENTION,
          PERSONAL_RETENTION,
          SNAPSHOT_RETENTION,
          HOURLY_SNAPSHOTS,
          BUILD_MEMORY,
          BUILD_PARALLELISM,
          UPKEEP_CPU,
          UPKEEP_BYTES);

  static final Key<String> NAME =
      Key.optional(
          "name", Forms.text(), "The project's name; without it, the name of its directory.");

  static final Key<Settings> SETTINGS_KEY =
      Key.optional(
          "settings",
          SETTINGS.then(
              (values, node, flaws) -> {
                Settings settings = settings(values);
                SafetyChecks.check(settings, node.line(), flaws);
                return Optional.of(settings);
              }),
          "What differs from the defaults, which suit a laptop.");

  static final Key<Sight> PERSONAL =
      Key.required(
          "personal",
          Forms.choice("sight", Sight.values()),
          "What readers of the role see in place of values that tell who somebody is: nothing (`hidden`), pseudonyms, where tables have them and nothing elsewhere (`pseudonyms`), or the values (`clear`).");
  static final Shape ROLE = new Shape(PERSONAL);

  static final Key<List<Named<Values>>> ROLES =
      Key.optional(
          "roles",
          Forms.named(ROLE),
          "Who sees what, by the name of a role. Those that every project has are `owner`, which is `clear` and stays so, `analyst`, which is `pseudonyms`, and `guest`, which is `hidden`.");
  static final Key<Placed<String>> DEFAULT_ROLE =
      Key.withDefault(
          "default_role",
          ConfigShape.COLUMN.placed(),
          Roles.OWNER,
          "The role of who reads without a key. It can be done from this machine only.");

  static final Shape PROJECT = new Shape(NAME, SETTINGS_KEY, ROLES, DEFAULT_ROLE);

  /** With roles that there are. */
  static final Form<Values> MAIN =
      PROJECT.then(
          (values, node, flaws) -> {
            checkRoles(values, flaws);
            return Optional.of(values);
          });

  private SettingsShape() {}

  private static void checkRoles(Values values, Flaws flaws) {
    for (Named<Values> role : values.find(ROLES).orElse(List.of())) {
      if (!Identifiers.isValid(role.name())) {
        flaws.add(
            role.line(),
            "'%s' is no name of a role".formatted(role.name()),
            "use lower-case letters, digits and '_'");
      } else if (role.name().equals(Roles.OWNER)) {
        flaws.add(role.line(), "role 'owner' sees everything", "take it out, or name another");
      }
    }
    Placed<String> fallback = values.find(DEFAULT_ROLE).orElse(new Placed<>(Roles.OWNER, 0));
    Set<String> known = sights(values).keySet();
    if (!known.contains(fallback.value())) {
      flaws.unknown(fallback.line(), "role", fallback.value(), known);
    }
  }

  /** Those of the file, beside those that every project has; empty if there are flaws. */
  static Optional<Roles> roles(Values main) {
    String fallback = main.find(DEFAULT_ROLE).map(Placed::value).orElse(Roles.OWNER);
    SortedMap<String, Sight> sights = sights(main);
    return sights.containsKey(fallback)
        ? Optional.of(new Roles(sights, fallback))
        : Optional.empty();
  }

  private static SortedMap<String, Sight> sights(Values main) {
    SortedMap<String, Sight> sights = new TreeMap<>(Roles.DEFAULTS.sights());
    main.find(ROLES)
        .orElse(List.of())
        .forEach(role -> role.value().find(PERSONAL).ifPresent(it -> sights.put(role.name(), it)));
    return sights;
  }

  static Settings defaults() {
    return settings(SETTINGS.read(new Yaml.Mapping(1, List.of()), new Flaws()).orElseThrow());
  }

  private static Settings settings(Values values) {
    return new Settings(
        values.find(KAFKA),
        values.get(FLINK),
        values.find(WAREHOUSE),
        values.find(WAREHOUSE_ENDPOINT),
        values.find(CHECKPOINTS),
        values.get(DURABILITY),
        values.get(COMMIT_INTERVAL),
        values.get(STREAM_PARALLELISM),
        values.get(STREAM_MEMORY),
        values.get(QUERY_MEMORY),
        values.get(QUERY_TIMEOUT),
        values.get(MAX_BODY),
        values.get(MAX_EVENT),
        values.get(MAX_EVENTS_PER_SECOND),
        values.get(MIN_FREE_DISK),
        values.get(TOPIC_RETENTION),
        values.get(PERSONAL_RETENTION),
        values.get(SNAPSHOT_RETENTION),
        values.get(HOURLY_SNAPSHOTS),
        values.get(BUILD_MEMORY),
        values.get(BUILD_PARALLELISM),
        values.get(UPKEEP_CPU),
        values.get(UPKEEP_BYTES));
  }
}
