package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

  static final String REPORT =
      """
      title: Clicks
      description: What visitors did, for whoever keeps the site.
      tiles:
        - title: In all
          chart: number
          sql: SELECT count(*) AS clicks FROM bronze.clicks
        - title: Of each day
          note: Days of the clicks themselves, in UTC.
          chart: line
          sql: |
            SELECT CAST(event_time AS DATE) AS day, count(*) AS clicks
            FROM bronze.clicks
            GROUP BY day
            ORDER BY day
        - title: The newest
          sql: SELECT event_type, event_time FROM bronze.clicks ORDER BY event_time DESC LIMIT 10
      """;

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory = ProjectDirectory.ofClicks(folder);
  }

  private List<String> problems(String right, String wrong) {
    assertThat(REPORT).contains(right);
    return directory.with("reports/clicks.yaml", REPORT.replace(right, wrong)).problemsWithSql();
  }

  @Test
  void readsTilesOfEachKind() {
    Report report =
        directory.with("reports/clicks.yaml", REPORT).loadWithSql().reports().get("clicks");
    assertThat(report.title()).isEqualTo("Clicks");
    assertThat(report.description()).startsWith("What visitors did");
    assertThat(report.tiles())
        .extracting(Report.Tile::chart)
        .containsExactly(Report.Chart.NUMBER, Report.Chart.LINE, Report.Chart.TABLE);
    assertThat(report.tiles().get(1).note()).startsWith("Days of the clicks");
    assertThat(report.tiles())
        .allMatch(tile -> tile.reads().equals(Set.of(TableName.bronze("clicks"))));
  }

  @Test
  void saysWhereATileIsWrong() {
    assertThat(problems("chart: line", "chart: lien"))
        .singleElement()
        .asString()
        .startsWith("reports/clicks.yaml:9:")
        .contains("lien", "line");
    assertThat(problems("FROM bronze.clicks\n      GROUP", "FROM bronze.clikcs\n      GROUP"))
        .singleElement()
        .asString()
        .startsWith("reports/clicks.yaml:12:")
        .contains("bronze.clicks");
    assertThat(problems("title: The newest\n    sql", "sql"))
        .singleElement()
        .asString()
        .contains("title");
  }

  @Test
  void refusesAReportOfNothing() {
    assertThat(directory.with("reports/clicks.yaml", "").problemsWithSql())
        .containsExactly(
            "reports/clicks.yaml: the file is empty; describe the report: title, tiles");
    assertThat(directory.with("reports/clicks.yaml", "title: Clicks\ntiles: []").problemsWithSql())
        .singleElement()
        .asString()
        .startsWith("reports/clicks.yaml:2:");
  }
}
