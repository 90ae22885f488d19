package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The tab of tasks in a real browser, over a real lake and engine. */
class ConsolePracticeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String RIGHT =
      "SELECT page, count(*) FROM bronze.clicks GROUP BY page ORDER BY 2 DESC";

  @TempDir static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start(directory, SmallLake::practising, "/", "/", SmallLake.HOSTILE);
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
    browser.executeScript("localStorage.clear()");
    browser.navigate().refresh();
    await().atMost(PATIENCE).until(() -> element("sql-mode").isDisplayed());
  }

  private static WebElement element(String id) {
    return browser.findElement(By.id(id));
  }

  private static void answer(String sql, String verdict) {
    element("statement").clear();
    element("statement").sendKeys(sql);
    element("check").click();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(element("grade").getText().lines().findFirst()).hasValue(verdict));
  }

  @Test
  void showsATaskAboveTheBoxAndGoesBackToTheQuery() {
    element("statement").clear();
    element("statement").sendKeys("SELECT 1");
    element("practise").click();
    assertThat(element("task").getText())
        .startsWith("Select each page and how often it was clicked")
        .contains("bronze.clicks", "The order of the rows counts.", "Hint 1");
    assertThat(element("statement").getDomProperty("value")).isEmpty();
    assertThat(element("examples").isDisplayed()).isFalse();
    element("tasks").findElement(By.cssSelector("[value=no_orders]")).click();
    assertThat(element("task").getText()).startsWith("Select them.");

    element("ask").click();
    assertThat(element("practice").isDisplayed()).isFalse();
    assertThat(element("statement").getDomProperty("value")).isEqualTo("SELECT 1");
  }

  @Test
  void gradesAnAnswerWithTheRowsThatDifferAsText() {
    element("practise").click();
    answer(
        "SELECT DISTINCT page, 2 FROM bronze.clicks ORDER BY 1",
        "Of 2 rows, 1 is missing; 1 is not asked for.");
    assertThat(element("grade").getText()).contains("Missing", "Not asked for", SmallLake.HOSTILE);
    assertThat(browser.findElements(By.cssSelector("#grade img, #grade script"))).isEmpty();
    assertThat(element("solved").getText()).isEqualTo("0 of 2 solved");

    element("statement").clear();
    element("statement").sendKeys("SELECT pgae FROM bronze.clicks");
    element("check").click();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(element("grade").getText()).startsWith("Cannot ").contains("pgae"));
  }

  @Test
  void keepsWhatWasSolvedAndWritten() {
    element("practise").click();
    answer(RIGHT, "Right: all of 2 rows.");
    assertThat(element("solved").getText()).isEqualTo("1 of 2 solved");

    browser.get(browser.server.url("/#practice/pages"));
    browser.navigate().refresh();
    await().atMost(PATIENCE).until(() -> element("practice").isDisplayed());
    assertThat(element("solved").getText()).isEqualTo("1 of 2 solved");
    assertThat(element("tasks").findElement(By.cssSelector(":checked")).getText())
        .isEqualTo("\u2713 Clicks of each page");
    assertThat(element("statement").getDomProperty("value")).isEqualTo(RIGHT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void keepsTheRulesOfAccessibility(String scheme) throws IOException {
    browser.prefer(scheme);
    element("practise").click();
    answer("SELECT page, 1 FROM bronze.clicks", "Of 2 rows, 1 is missing; 2 are not asked for.");
    assertThat(browser.accessibilityFaults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {768, 360})
  void fitsTheWidthOfTheScreen(int width) {
    browser.resize(width, 800);
    element("practise").click();
    answer("SELECT page, 1 FROM bronze.clicks", "Of 2 rows, 1 is missing; 2 are not asked for.");
    assertThat(browser.pageWidth()).isLessThanOrEqualTo(width);
  }
}
