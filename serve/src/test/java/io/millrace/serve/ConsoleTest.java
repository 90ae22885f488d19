package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.Incident;
import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogEntry;

/** The console in a real browser, over a real lake and engine. */
class ConsoleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser =
        Browser.start(directory, UnaryOperator.identity(), "/", "/", SmallLake.HOSTILE, "=1+1");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.stop();
    }
  }

  @BeforeEach
  void open() {
    browser.open("/");
    awaitText("health-text", "Running");
  }

  @Test
  void showsTheNumbersOfARunningProject() {
    awaitText("project", "corner shop");
    assertThat(browser.getTitle()).isEqualTo("corner shop · Millrace");
    assertThat(rows("stream-rows").get(0)).startsWith("clicks 0 4 0 0 0 ").endsWith(" ago");
    assertThat(rows("stream-rows").get(1)).isEqualTo("orders 0 0 0 0 0 –");
    assertThat(rows("table-rows").get(0)).startsWith("bronze.clicks 4 1 6 ");
    assertThat(text("processes")).contains("broker", "pid 4711, 0 restarts", "1 restart");
    awaitText("lake-rows", "4");
    awaitText("lake-tables", "8");
  }

  @Test
  void showsWhatIsWrongUntilAPersonKnowsAndItIsOver() {
    assertThat(element("incidents").isDisplayed()).isFalse();
    browser.server.incidents.report(
        Incident.Kind.REJECTS, "bronze.clicks", "stream clicks", "half is rejected", 500, "held");
    await().atMost(PATIENCE).until(() -> element("incidents").isDisplayed());
    assertThat(text("incidents"))
        .startsWith("bronze.clicks half is rejected")
        .contains("From stream clicks, began", ", 500 rows. held.");

    WebElement acknowledge = element("incidents").findElement(By.tagName("button"));
    acknowledge.click();
    await().atMost(PATIENCE).until(() -> !acknowledge.isDisplayed());
    assertThat(browser.server.incidents.goingOn().get(0).acknowledged()).isPresent();
    browser.server.incidents.end(Incident.Kind.REJECTS, "bronze.clicks");
    await().atMost(PATIENCE).until(() -> !element("incidents").isDisplayed());
  }

  @Test
  void showsQuarantineWhenAsked() {
    assertThat(rows("table-rows")).hasSize(2);
    element("quarantine").click();

    assertThat(rows("table-rows"))
        .hasSize(8)
        .anyMatch(row -> row.startsWith("quarantine.clicks_late"));
  }

  @Test
  void showsTheBalanceAsOneSumPerStream() {
    await()
        .atMost(PATIENCE)
        .until(() -> !element("balances").findElements(By.tagName("li")).isEmpty());

    assertThat(text("balance-verdict")).isEqualTo("The balance of orders does not hold");
    List<WebElement> sums = element("balances").findElements(By.tagName("li"));
    assertThat(words(sums.get(0)))
        .isEqualTo(
            "clicks 1,118 on topics = 1,000 bronze + 100 rejected + 5 repeated + 1 late"
                + " + 12 in flight ✓ holds 1,100 acknowledged");
    assertThat(words(sums.get(1)))
        .contains("≠ 9 bronze", "✗ does not hold", "Offset 7 of orders/0 is in no table");

    assertThat(words(element("conserved").findElement(By.tagName("li"))))
        .isEqualTo("money 10 GBP lines = 7.5 GBP revenue + 2.5 GBP left out ✓ holds release 3");

    element("rescan").click();
    awaitText("balance-note", "Every row and every record was read again just now.");
  }

  @Test
  void drawsEventsAsTheyArrive() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              browser.server.receive("clicks", 100);
              return !text("rate-total").matches("[–0]");
            });

    WebElement area = browser.findElement(By.cssSelector("#chart .area.series-0"));
    assertThat(area.getDomAttribute("d")).startsWith("M").endsWith("Z");
    element("chart").sendKeys(Keys.ARROW_LEFT);
    assertThat(browser.findElement(By.cssSelector("#chart .tip")).getText())
        .startsWith("now")
        .contains("clicks", "orders");
  }

  @Test
  void saysWhichProcessIsDown() {
    try {
      browser.server.processes(State.DOWN);
      awaitText("health-text", "The stream process is down");
      assertThat(element("health").getDomAttribute("data-state")).isEqualTo("bad");
    } finally {
      browser.server.processes(State.RUNNING);
    }
  }

  @Test
  void showsHostileTextAsText() {
    run("SELECT page AS \"<b>page</b>\" FROM bronze.clicks WHERE page LIKE '<%'");
    awaitResult("1 row in ");

    assertThat(rows("result-rows")).containsExactly(SmallLake.HOSTILE);
    assertThat(text("result-columns")).startsWith("<b>page</b>");
    assertThat(browser.findElements(By.cssSelector("#result img, #result script, #result b")))
        .isEmpty();
    assertThat(browser.getTitle()).isEqualTo("corner shop · Millrace");
  }

  @Test
  void runsTheExampleOfAGoldModel() {
    browser.findElement(By.cssSelector("#examples button")).click();
    assertThat(element("statement").getDomProperty("value"))
        .isEqualTo(
            "-- How often each page was clicked.\nSELECT *\nFROM gold.popular_pages\nLIMIT 100");
    element("run").click();

    awaitResult("3 rows in ");
    assertThat(rows("result-rows")).contains("/ 2");
  }

  @Test
  void showsNumbersThatJavaScriptWouldRound() {
    run("SELECT 9223372036854775807 AS big, CAST(1.50 AS DECIMAL(12,2)) AS exact, NULL AS gone");
    awaitResult("1 row in ");

    assertThat(rows("result-rows")).containsExactly("9223372036854775807 1.50 null");
  }

  @Test
  void saysWhatIsWrongWithAQuery() {
    run("SELECT pgae FROM bronze.clicks");

    await().atMost(PATIENCE).until(() -> element("query-error").isDisplayed());
    assertThat(text("query-error")).startsWith("Cannot ").contains("pgae");
    assertThat(element("result").isDisplayed()).isFalse();
  }

  @Test
  void handsTheResultOverAsCsv() throws IOException {
    Path downloads = Files.createDirectories(directory.resolve("downloads"));
    browser.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
    run("SELECT page, -1 AS less, 'a \"b\", c' AS note FROM bronze.clicks WHERE page = '=1+1'");
    awaitResult("1 row in ");
    element("download").click();

    Path csv = downloads.resolve("result.csv");
    await().atMost(PATIENCE).until(() -> Files.exists(csv) && Files.size(csv) > 0);
    assertThat(Files.readString(csv))
        .isEqualTo("page,less,note\r\n'=1+1,-1,\"a \"\"b\"\", c\"\r\n");
  }

  @Test
  void comesBackWhenTheServerDoes() {
    int port = browser.server.goAway();
    try {
      awaitText("health-text", "Reconnecting…");
    } finally {
      browser.server.comeBack(port);
    }
    awaitText("health-text", "Running");
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, 768, 360})
  void fitsTheWidthOfTheScreen(int width) {
    browser.resize(width, 800);
    run("SELECT * FROM bronze.clicks");
    awaitResult("4 rows in ");

    assertThat(browser.pageWidth()).isLessThanOrEqualTo(width);
  }

  @Test
  void asksNobodyButItsServerAndMakesNoErrors() throws IOException {
    browser.manage().logs().get("browser");
    browser.manage().logs().get("performance");
    open();
    run("SELECT count(*) AS clicks FROM bronze.clicks");
    awaitResult("1 row in ");
    await().atMost(PATIENCE).until(() -> text("balance-verdict").contains("orders"));

    assertThat(requested())
        .isNotEmpty()
        .allMatch(url -> url.startsWith(browser.server.url("/")) || url.startsWith("data:"))
        .contains(browser.server.url("/api/query"), browser.server.url("/console/console.css"));
    assertThat(browser.manage().logs().get("browser")).extracting(LogEntry::getMessage).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void keepsTheRulesOfAccessibility(String scheme) throws IOException {
    browser.prefer(scheme);
    run("SELECT *, NULL AS gone FROM bronze.clicks");
    awaitResult("4 rows in ");
    await().atMost(PATIENCE).until(() -> text("balance-verdict").contains("orders"));

    assertThat(browser.accessibilityFaults()).isEmpty();
  }

  /** Every address the browser asked for since the log was last read. */
  private static List<String> requested() throws IOException {
    List<String> urls = new ArrayList<>();
    for (LogEntry entry : browser.manage().logs().get("performance")) {
      JsonNode message = new ObjectMapper().readTree(entry.getMessage()).path("message");
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        urls.add(message.at("/params/request/url").asText());
      }
    }
    return urls;
  }

  private static WebElement element(String id) {
    return browser.findElement(By.id(id));
  }

  private static String text(String id) {
    return element(id).getText();
  }

  private static String words(WebElement element) {
    return element.getText().replaceAll("\\s+", " ");
  }

  private static List<String> rows(String id) {
    return element(id).findElements(By.tagName("tr")).stream().map(ConsoleTest::words).toList();
  }

  private static void run(String sql) {
    WebElement box = element("statement");
    box.clear();
    box.sendKeys(sql);
    box.sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
  }

  private static void awaitText(String id, String expected) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(id)).isEqualTo(expected));
  }

  private static void awaitResult(String summary) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(text("result-summary")).startsWith(summary));
  }
}
