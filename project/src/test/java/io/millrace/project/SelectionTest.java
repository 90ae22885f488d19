package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** clicks -> visits -> daily -> report; kinds (a seed) and orders -> daily. */
class SelectionTest {

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void begin() {
    project =
        ProjectDirectory.ofClicks(folder)
            .with("streams/orders.yaml", ProjectDirectory.CLICKS)
            .with("seeds/kinds.csv", "id\n1\n")
            .with("models/silver/visits.sql", "SELECT 1 FROM bronze.clicks")
            .with("models/silver/orders.sql", "SELECT 1 FROM bronze.orders JOIN silver.kinds")
            .with("models/gold/daily.sql", "SELECT 1 FROM silver.visits JOIN silver.orders")
            .with("models/gold/report.sql", "SELECT 1 FROM gold.daily")
            .with(
                "models/schema.yml",
                """
                models:
                  - {name: visits, config: {materialized: incremental, tags: nightly}}
                  - {name: daily, config: {materialized: materialized_view, tags: [nightly, top]}}
                  - {name: report, config: {materialized: table}}
                """)
            .loadWithSql();
  }

  @Test
  void findsModelsByNameLayerFileAndWildcard() {
    assertThat(select("daily")).isEqualTo("gold.daily");
    assertThat(select("gold.daily")).isEqualTo("gold.daily");
    assertThat(select("orders")).isEqualTo("silver.orders");
    assertThat(select("silver")).isEqualTo("silver.kinds silver.orders silver.visits");
    assertThat(select("gold.*")).isEqualTo("gold.daily gold.report");
    assertThat(select("*i*s")).isEqualTo("silver.kinds silver.orders silver.visits");
    assertThat(select("?aily")).isEqualTo("gold.daily");
    assertThat(select("daily.sql")).isEqualTo("gold.daily");
    assertThat(select("models/gold/daily.sql")).isEqualTo("gold.daily");
  }

  @Test
  void followsTheGraph() {
    assertThat(select("daily+")).isEqualTo("gold.daily gold.report");
    assertThat(select("+daily")).isEqualTo("gold.daily silver.kinds silver.orders silver.visits");
    assertThat(select("1+daily")).isEqualTo("gold.daily silver.orders silver.visits");
    assertThat(select("1+daily+1")).isEqualTo("gold.daily gold.report silver.orders silver.visits");
    assertThat(select("2+report+0"))
        .isEqualTo("gold.daily gold.report silver.orders silver.visits");
    assertThat(select("@visits"))
        .isEqualTo("gold.daily gold.report silver.kinds silver.orders silver.visits");
    assertThat(select("bronze.clicks+")).isEqualTo("gold.daily gold.report silver.visits");
    assertThat(select("source:clicks+1")).isEqualTo("silver.visits");
    assertThat(select("source:*+1")).isEqualTo("silver.orders silver.visits");
  }

  @Test
  void findsModelsByWhatIsSaidOfThem() {
    assertThat(select("tag:nightly")).isEqualTo("gold.daily silver.visits");
    assertThat(select("tag:t*")).isEqualTo("gold.daily");
    assertThat(select("path:models/gold")).isEqualTo("gold.daily gold.report");
    assertThat(select("path:models/gold/")).isEqualTo("gold.daily gold.report");
    assertThat(select("path:seeds")).isEqualTo("silver.kinds");
    assertThat(select("config.materialized:view")).isEqualTo("silver.orders");
    assertThat(select("config.materialized:incremental")).isEqualTo("silver.visits");
    assertThat(select("config.materialized:materialized_view")).isEqualTo("gold.daily");
    assertThat(select("resource_type:seed")).isEqualTo("silver.kinds");
  }

  @Test
  void addsUpIntersectsAndExcludes() {
    assertThat(select("visits report")).isEqualTo("gold.report silver.visits");
    assertThat(select("tag:nightly,path:models/gold")).isEqualTo("gold.daily");
    assertThat(select("tag:nightly,path:models/gold  resource_type:seed"))
        .isEqualTo("gold.daily silver.kinds");
    assertThat(select("bronze.clicks+,tag:nightly")).isEqualTo("gold.daily silver.visits");
    assertThat(text(Selection.parse("gold").excluding("report"))).isEqualTo("gold.daily");
    assertThat(text(Selection.ALL.excluding("daily+ resource_type:seed")))
        .isEqualTo("silver.orders silver.visits");
    assertThat(Selection.ALL.among(project)).hasSize(5);
  }

  @Test
  void saysWhatMatchesNothing() {
    assertRefused(
        "gold.dayly", "'gold.dayly': 'gold.dayly' matches nothing; did you mean 'gold.daily'?");
    assertRefused("visit+", "'visit+': 'visit' matches nothing; did you mean 'visits'?");
    assertRefused(
        "tag:nigthly", "'tag:nigthly': 'nigthly' matches nothing; did you mean 'nightly'?");
    assertRefused(
        "source:click+", "'source:click+': 'click' matches nothing; did you mean 'clicks'?");
    assertRefused(
        "resource_type:test",
        "'resource_type:test': 'test' matches nothing; use one of model, seed");
    assertRefused(
        "bronze.clicks", "'bronze.clicks': it names no model; add '+' for the models after it");
    assertRefused(
        "visits,report",
        "'visits,report': no model is in all of the parts; a space in place of a comma adds them"
            + " up");
    assertThatThrownBy(() -> Selection.parse("gold").excluding("gold").among(project))
        .hasMessage("Cannot select models: all that are selected are excluded; exclude less");
    assertThatThrownBy(() -> Selection.parse("gold").excluding("gldo").among(project))
        .hasMessageStartingWith("Cannot select 'gldo': 'gldo' matches nothing; ");
  }

  @Test
  void saysWhatIsNotWrittenWell() {
    assertRefused(" ", "' ': name a model, such as gold.daily_sales+");
    assertRefused("gold,", "'gold,': name a model, such as gold.daily_sales+");
    assertRefused("+", "'+': '+' is not written as 2+name+1 or @name");
    assertRefused("a++b", "'a++b': 'a++b' is not written as 2+name+1 or @name");
    assertRefused("@daily+", "'@daily+': '@daily+' has '@' and '+'; keep one of them");
    assertRefused("tags:a", "'tags:a': method 'tags' is not known; did you mean 'tag'?");
    assertRefused("+".repeat(20_000), "'" + "+".repeat(40) + "...': use at most 10000 characters");
  }

  @Test
  void matchesManyWildcardsInNoTime() {
    assertRefused(
        "*a".repeat(2_000) + "b",
        "'%s': '%s' matches nothing; use one of bronze.clicks, bronze.orders, daily, gold.daily,"
                .formatted("*a".repeat(2_000) + "b", "*a".repeat(2_000) + "b")
            + " gold.report, kinds, orders, report, silver.kinds, silver.orders, silver.visits,"
            + " visits");
  }

  private void assertRefused(String selection, String why) {
    assertThatThrownBy(() -> Selection.parse(selection).among(project))
        .hasMessage("Cannot select " + why);
  }

  private String select(String selection) {
    return text(Selection.parse(selection));
  }

  private String text(Selection selection) {
    List<TableName> tables = List.copyOf(selection.among(project));
    return tables.stream().map(TableName::toString).collect(Collectors.joining(" "));
  }
}
