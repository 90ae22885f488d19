package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What dbt's snapshot of a source is: at each run, rows that differ from those of the run before
 * become versions. It is made of what was seen, so that nothing but itself remembers it.
 *
 * @param sql of the source
 */
record DbtSnapshot(DbtNode node, String sql) {

  private static final List<String> COLUMNS =
      List.of("dbt_valid_from", "dbt_valid_to", "dbt_scd_id", "dbt_updated_at", "dbt_is_deleted");

  /** What a properties file says of the table of a snapshot. */
  static Yaml config(DbtNode node, int line) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("materialized", "table");
    for (String key : List.of("tags", "owner", "meta")) {
      Optional.ofNullable(node.config.values().get(key)).ifPresent(it -> config.put(key, it));
    }
    return YamlValues.on(line, config);
  }

  /** The names for its templates; empty if its config has flaws. */
  Optional<Map<String, Object>> check(Flaws flaws) {
    int before = flaws.found().size();
    DbtConfig config = node.config;
    List<String> key = config.texts("unique_key");
    if (key.isEmpty()) {
      flaw(flaws, "the snapshot has no unique_key", "write which columns name a row");
    }
    String strategy = config.text("strategy").orElse("");
    if (!Set.of("timestamp", "check").contains(strategy)) {
      flaw(flaws, "strategy '" + strategy + "' is not known", "write timestamp or check");
    }
    Optional<String> updated = config.text("updated_at");
    if (strategy.equals("timestamp") && updated.isEmpty()) {
      flaw(flaws, "the snapshot has no updated_at", "write the column that says since when");
    }
    List<String> checked = config.texts("check_cols");
    if (strategy.equals("check") && checked.isEmpty()) {
      flaw(flaws, "the snapshot has no check_cols", "write which columns to compare, or all");
    }
    String deletes =
        config
            .text("hard_deletes")
            .orElse(config.isTrue("invalidate_hard_deletes") ? "invalidate" : "ignore");
    if (!Set.of("ignore", "invalidate", "new_record").contains(deletes)) {
      flaw(
          flaws,
          "hard_deletes '" + deletes + "' is not known",
          "write ignore, invalidate or new_record");
    }
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("source_sql", sql.strip().replaceFirst(";$", ""));
    names.put("key", key);
    names.put("strategy", strategy);
    names.put("updated_at", updated.orElse(null));
    names.put("check_cols", checked.equals(List.of("all")) ? List.of() : new ArrayList<>(checked));
    names.put("deletes", deletes);
    names.put("this", new DbtNames.Relation(node.table()));
    names.put("current", config.text("dbt_valid_to_current").orElse(null));
    names.put("names", names());
    return flaws.found().size() > before ? Optional.empty() : Optional.of(names);
  }

  private Map<String, Object> names() {
    Map<String, Object> names = new LinkedHashMap<>();
    Object written = node.config.values().get("snapshot_meta_column_names");
    for (String column : COLUMNS) {
      Object other = written instanceof Map<?, ?> map ? map.get(column) : null;
      names.put(column, other == null ? column : other.toString());
    }
    return names;
  }

  private void flaw(Flaws flaws, String what, String remedy) {
    flaws.add(node.configLine(), what, remedy);
  }
}
