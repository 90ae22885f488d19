package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What commands print of plans and of steps. */
class RunTextTest {

  @Test
  void saysOfAPlanWhatIsBuiltAndWhy() throws Exception {
    assertThat(
            PlanText.lines(
                json(
                    """
                    [{"table":"gold.daily_sales","intervals":32,"stretches":[
                       {"span":"2026-01-01 to 2026-01-31","intervals":31,"why":"it is new"},
                       {"span":"2026-02-03","intervals":1,"why":"silver.sales has 2 new rows"}]},
                     {"table":"gold.customers","intervals":1,"stretches":[
                       {"span":"whole","intervals":1,"why":"asked for"}]}]""")))
        .containsExactly(
            "gold.daily_sales",
            "  2026-01-01 to 2026-01-31 (31 intervals): it is new",
            "  2026-02-03: silver.sales has 2 new rows",
            "gold.customers",
            "  whole: asked for");
    assertThat(PlanText.lines(json("[]"))).containsExactly("Nothing to build");
  }

  @Test
  void saysWhichColumnsAnotherDefinitionTouches() throws Exception {
    assertThat(
            PlanText.lines(
                json(
                    """
                    [{"table":"silver.sales","intervals":1,
                      "touched":{"rows":false,"columns":{"net":"added","revenue":"changed","tax":"removed"},
                        "downstream":["gold.daily_sales.revenue","gold.customers.*"]},
                      "stretches":[{"span":"whole","intervals":1,"why":"its definition has changed"}]},
                     {"table":"gold.customers","intervals":1,
                      "touched":{"rows":true,"columns":{"name":"changed","email":"added"},"downstream":[]},
                      "stretches":[{"span":"whole","intervals":1,"why":"its definition has changed"}]}]""")))
        .containsExactly(
            "silver.sales",
            "  columns: net is new, revenue, tax is gone",
            "  downstream: gold.daily_sales.revenue, gold.customers (all columns)",
            "  whole: its definition has changed",
            "gold.customers",
            "  columns: all, for there may be other rows, email is new",
            "  whole: its definition has changed");
  }

  @Test
  void saysOfAStepWhatCameOfIt() throws Exception {
    assertThat(RunFollower.line(step("\"2026-01\"", "done", 1200, "")))
        .isEqualTo("gold.daily_sales 2026-01: 1,200 rows, 1.5 s");
    assertThat(RunFollower.line(step("null", "done", 0, "expire 12 snapshots")))
        .isEqualTo("gold.daily_sales: expire 12 snapshots, 1.5 s");
    assertThat(RunFollower.line(step("null", "failed", 0, "3 rows have no day")))
        .isEqualTo("gold.daily_sales: failed: 3 rows have no day, 1.5 s");
  }

  private static JsonNode step(String span, String state, long rows, String message)
      throws JsonProcessingException {
    return json(
        """
        {"table":"gold.daily_sales","span":%s,"state":"%s","rows":%d,"message":"%s",
         "started_at":"2026-01-31T12:00:00Z","ended_at":"2026-01-31T12:00:01.500Z"}"""
            .formatted(span, state, rows, message));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return Server.JSON.readTree(text);
  }
}
