package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages of assets and runs in a real browser, over a real lake, engine and scheduler. */
class ConsolePagesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() throws SQLException {
    browser =
        Browser.start(directory, UnaryOperator.identity(), "/", "/", SmallLake.HOSTILE, "=1+1");
    browser.server.decide();
    browser.server.note(Usage.Kind.PROCESS, "stream", 0, 6, 0);
    browser.server.note(Usage.Kind.PROCESS, "broker", 0, 2, 0);
    browser.server.note(Usage.Kind.COLLECT, "clicks", 300, 2, 180_000);
    browser.server.note(Usage.Kind.QUERY, SmallLake.HOSTILE, 7, 5, 0);
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
    awaitText(By.id("health-text"), "Running");
  }

  @Test
  void listsAssetsAndFindsThemByWords() {
    page("#/assets");
    awaitRows("Assets", 10);
    assertThat(browser.getTitle()).isEqualTo("Assets · corner shop · Millrace");
    assertThat(rowsOf("Assets").get(0)).startsWith("bronze.clicks stream 4 ").endsWith("web-team");

    WebElement filter = browser.findElement(By.cssSelector(".filter"));
    filter.sendKeys("quarantine CLICKS");
    awaitRows("Assets", 3);
    assertThat(rowsOf("Assets")).allMatch(row -> row.startsWith("quarantine.clicks_"));
    filter.sendKeys("nowhere");
    awaitRows("Assets", 0);
  }

  @Test
  void showsWhatAnAssetIsAndWhereItComesFrom() {
    page("#/assets");
    awaitRows("Assets", 10);
    browser.findElement(By.linkText("gold.popular_pages")).click();

    awaitRows("Columns", 2);
    assertThat(browser.getTitle())
        .isEqualTo("gold.popular_pages · Assets · corner shop · Millrace");
    assertThat(rowsOf("Columns").get(1)).isEqualTo("clicks BIGINT");
    assertThat(region("SQL").getText()).startsWith("SELECT page, count(*)");
    awaitRows("Sample", 3);
    assertThat(rowsOf("Sample")).contains("/ 2");
    assertThat(browser.findElements(By.cssSelector("#page img, #page script"))).isEmpty();

    browser.findElement(By.cssSelector(".lineage .kind-stream")).click();
    awaitRows("History", 1);
    assertThat(words(browser.findElement(By.cssSelector(".about h2")))).isEqualTo("bronze.clicks");
  }

  @Test
  void asksForAnAssetInTheSqlBox() {
    page("#/assets/gold.popular_pages");
    awaitRows("Columns", 2);
    browser.findElement(By.xpath("//button[.='Query it']")).click();

    await()
        .atMost(PATIENCE)
        .until(() -> browser.switchTo().activeElement().equals(element("statement")));
    assertThat(element("statement").getDomProperty("value"))
        .isEqualTo("SELECT *\nFROM gold.popular_pages\nLIMIT 100");
    assertThat(element("statement").isDisplayed()).isTrue();
  }

  @Test
  void showsRunsAndWhatCameOfTheirSteps() {
    long id = browser.server.run();
    page("#/runs");
    await().atMost(PATIENCE).until(() -> !rowsOf("Runs").isEmpty());
    assertThat(rowsOf("Runs").get(0))
        .startsWith(id + " failed run 2 tables asked for by hand ")
        .endsWith(" 2 120");
    browser.findElement(By.linkText(Long.toString(id))).click();

    awaitRows("Steps", 2);
    assertThat(rowsOf("Steps").get(1)).startsWith("gold.daily_sales failed ");
    assertThat(browser.findElement(By.cssSelector("#page .stack .error")).getText())
        .isEqualTo(
            "gold.daily_sales: 3 rows have no day\nThe refused rows: millrace query \"SELECT * FROM gold.daily_sales\" --branch failed_%d"
                .formatted(id));
    assertThat(region("Log").getText()).endsWith("silver.sales\nread 120 rows");
    WebElement picture = browser.findElement(By.cssSelector(".gantt"));
    assertThat(picture.findElements(By.cssSelector(".bar"))).hasSize(2);
    picture.sendKeys(Keys.ARROW_LEFT);
    assertThat(browser.findElement(By.cssSelector(".picture .tip")).getText())
        .startsWith("gold.daily_sales\nfailed")
        .endsWith("3 rows have no day");
  }

  @Test
  void listsRebuildsAndErasuresBelowTheRuns() throws SQLException {
    browser.server.correct();
    page("#/runs");
    awaitRows("Rebuilds", 1);

    assertThat(rowsOf("Rebuilds").get(0))
        .startsWith("bronze.clicks ")
        .endsWith(" ago 1 to 4 291 3 4 2 commit 7, sealed 0123456789ab");
    assertThat(rowsOf("Erasures").get(0))
        .startsWith("1 done ")
        .endsWith(" 1 412 bronze.clicks 412");
  }

  @Test
  void buildsAModelAgainAndShowsItsIntervals() {
    browser.server.warehouse.refusal = "3 rows have no day";
    browser.server.build(SmallLake.DAILY);
    browser.server.warehouse.refusal = "";
    page("#/assets/silver.daily_clicks");
    await().atMost(PATIENCE).until(() -> marks(".calendar .cell.failed") == 3);
    WebElement calendar = browser.findElement(By.cssSelector(".calendar"));
    calendar.sendKeys(Keys.ARROW_LEFT);
    assertThat(browser.findElement(By.cssSelector(".picture .tip")).getText())
        .startsWith("2026-01-03\nfailed, attempt 1")
        .endsWith("bronze.clicks has 4 new rows\n3 rows have no day");

    page("#/runs");
    awaitText(By.cssSelector("#page tbody .badge"), "failed");
    browser.findElement(By.cssSelector("#page tbody a")).click();
    await().atMost(PATIENCE).until(() -> marks(".gantt .bar.failed") == 1);
    browser.findElement(By.xpath("//button[.='Retry what failed']")).click();
    awaitText(By.cssSelector(".about .badge"), "done");
    page("#/assets/silver.daily_clicks");
    await().atMost(PATIENCE).until(() -> marks(".calendar .cell.done") == 3);
  }

  @Test
  void countsModelsByStateAndListsThoseOfAState() {
    await().atMost(PATIENCE).until(() -> marks("#model-states a") == 1);
    String state = browser.findElement(By.cssSelector("#model-states .badge")).getText();
    assertThat(element("model-states").getText()).isEqualTo("1 " + state);
    browser.findElement(By.cssSelector("#model-states a")).click();

    awaitRows("Assets", 1);
    assertThat(rowsOf("Assets").get(0)).startsWith("silver.daily_clicks ");
    assertThat(browser.findElement(By.cssSelector(".filter")).getDomProperty("value"))
        .isEqualTo(state);
  }

  @Test
  void followsAColumnThroughTheLineage() {
    page("#/assets/gold.popular_pages");
    awaitRows("Columns", 2);
    browser.findElement(By.xpath("//button[.='page']")).click();

    awaitText(By.cssSelector(".lineage .kind-stream .column"), "page");
    assertThat(browser.findElement(By.xpath("//button[.='page']")).getDomAttribute("aria-pressed"))
        .isEqualTo("true");
  }

  @Test
  void showsWhatEachTookAndWhatTenTerabytesADayWould() {
    page("#/cost");
    awaitRows("Cluster", 4);

    assertThat(browser.getTitle()).isEqualTo("Cost · corner shop · Millrace");
    // Of the 8 s of stream and broker, clicks have three quarters, as of the events.
    assertThat(rowsOf("What it took"))
        .anyMatch(row -> row.startsWith("bronze.clicks stream 300 events 175.8\u202fKB 8.0 "))
        .anyMatch(row -> row.startsWith("bronze.orders stream 100 events 2.0 "))
        .anyMatch(row -> row.startsWith("silver.daily_clicks model "))
        .anyMatch(row -> row.startsWith(SmallLake.HOSTILE + " query 7 times "));
    assertThat(browser.findElements(By.cssSelector("#page img, #page script"))).isEmpty();
    assertThat(words(browser.findElement(By.cssSelector(".beside .total"))))
        .endsWith(" a month, for 192,901 events a second of 600 bytes");
    assertThat(rowsOf("Cluster").get(2)).startsWith("stream job 4,823 ");
    assertThat(words(browser.findElement(By.cssSelector("[aria-label=Prices]"))))
        .contains("Of 2026-06", "Processor, an hour 0.04048 USD", "AWS us-east-1");

    browser.findElement(By.xpath("//button[.='Week']")).click();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                (Boolean)
                    browser.executeScript(
                        "return performance.getEntriesByType('resource').some(it => it.name.endsWith('/api/cost?hours=168'))"));
  }

  @Test
  void saysThatThereIsNoSuchPage() {
    page("#/assets/gold.popular_page");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(browser.findElement(By.cssSelector("#page .error")).getText())
                    .isEqualTo(
                        "Cannot find asset 'gold.popular_page': did you mean 'gold.popular_pages'?"));
  }

  @Test
  void goesToTheContentByKeyboardWithoutLeavingThePage() {
    page("#/runs");
    browser.findElement(By.cssSelector(".skip")).sendKeys(Keys.ENTER);

    assertThat(browser.switchTo().activeElement()).isEqualTo(element("main"));
    assertThat(element("home").isDisplayed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "assets,1280",
    "assets,360",
    "assets/gold.popular_pages,1280",
    "runs,360",
    "cost,768",
    "cost,360"
  })
  void fitsEveryPageToTheWidthOfTheScreen(String page, int width) {
    browser.resize(width, 800);
    page("#/" + page);
    awaitPage();

    assertThat(browser.pageWidth()).isLessThanOrEqualTo(width);
  }

  @ParameterizedTest
  @CsvSource({
    "light,assets",
    "dark,assets",
    "light,assets/gold.popular_pages",
    "dark,assets/bronze.clicks",
    "light,runs",
    "dark,runs",
    "light,runs/1",
    "dark,runs/1",
    "light,cost",
    "dark,cost"
  })
  void keepsTheRulesOfAccessibilityOnEveryPage(String scheme, String page) throws IOException {
    browser.server.run();
    browser.prefer(scheme);
    page("#/" + page);
    awaitPage();

    assertThat(browser.accessibilityFaults()).isEmpty();
  }

  private static void page(String address) {
    browser.executeScript("location.hash = arguments[0]", address);
  }

  private static void awaitPage() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !browser.findElements(By.cssSelector("#page tbody tr, #page .nothing")).isEmpty());
  }

  private static WebElement region(String label) {
    return browser.findElement(By.cssSelector("[role=region][aria-label='" + label + "']"));
  }

  private static List<String> rowsOf(String label) {
    return browser
        .findElements(By.cssSelector("[role=region][aria-label='" + label + "'] tbody tr"))
        .stream()
        .map(ConsolePagesTest::words)
        .toList();
  }

  private static void awaitRows(String label, int expected) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(rowsOf(label)).hasSize(expected));
  }

  private static int marks(String selector) {
    return browser.findElements(By.cssSelector(selector)).size();
  }

  private static void awaitText(By first, String expected) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(browser.findElement(first).getText()).isEqualTo(expected));
  }

  private static WebElement element(String id) {
    return browser.findElement(By.id(id));
  }

  private static String words(WebElement element) {
    return element.getText().replaceAll("\\s+", " ");
  }
}
