package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.Batches;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Schedule;
import io.millrace.project.Settings;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AskedTest {

  private static final TableName LONDON = TableName.parse("gold.london");
  private static final TableName OSLO = TableName.parse("gold.oslo");
  private static final Project PROJECT =
      new Project(
          "shop",
          Path.of("."),
          Settings.DEFAULTS,
          new TreeMap<>(),
          new TreeMap<>(
              Map.of(
                  LONDON, monthly(LONDON, "Europe/London"), OSLO, monthly(OSLO, "Europe/Oslo"))));

  @Test
  void readsADayInTheTimeZoneThatTheModelsShare() {
    assertThat(span(Set.of(LONDON))).isEqualTo("2010-12-31T00:00:00Z/2011-05-31T23:00:00Z");
    assertThat(span(Set.of(OSLO))).isEqualTo("2010-12-30T23:00:00Z/2011-05-31T22:00:00Z");
    assertThat(span(Set.of(LONDON, OSLO))).isEqualTo("2010-12-31T00:00:00Z/2011-06-01T00:00:00Z");
  }

  private static String span(Set<TableName> tables) {
    return Asked.span(PROJECT, tables, Optional.of("2010-12-31"), Optional.of("2011-06-01"))
        .toString();
  }

  private static Model monthly(TableName name, String zone) {
    return new Model(
        name,
        Path.of("models/gold/" + name.name() + ".sql"),
        "SELECT 1",
        "",
        "",
        Set.of(),
        new Materialization.ByInterval(
            new Batches(Batches.Size.MONTH, Optional.empty(), ZoneId.of(zone))),
        Optional.of("day"),
        Map.of(),
        Schedule.DEFAULT,
        Set.of(),
        List.of());
  }
}
