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

/** Reports in a real browser, over a real lake and engine. */
class ConsoleReportsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start(directory, SmallLake::reporting, "/", SmallLake.HOSTILE);
    browser.server.build(SmallLake.DAILY);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.stop();
    }
  }

  @BeforeEach
  void open() {
    browser.open("/#/reports");
    await().atMost(PATIENCE).until(() -> has("#page a[href='#/reports/daily']"));
  }

  private static boolean has(String selector) {
    return !browser.findElements(By.cssSelector(selector)).isEmpty();
  }

  /** In one step, because a report may be replaced at any moment. */
  private static String text(String selector) {
    return (String)
        browser.executeScript(
            "return document.querySelector(arguments[0])?.innerText ?? ''", selector);
  }

  private static void openReport() {
    browser.findElement(By.cssSelector("#page a[href='#/reports/daily']")).click();
    await().atMost(PATIENCE).until(() -> has(".report svg") && has(".saving button"));
  }

  @Test
  void showsTilesAndWhatTheyAreOf() {
    assertThat(text("#page")).contains("The day", "For whoever keeps the shop.");
    openReport();
    assertThat(text(".report .of-number dd")).matches("[0-9]+");
    assertThat(text(".report"))
        .contains("corner shop · release ", "silver.daily_clicks@", "Cannot run");
    assertThat(browser.findElements(By.cssSelector(".report svg"))).hasSize(2);
    assertThat(browser.findElements(By.cssSelector(".report img, .report script"))).isEmpty();
    assertThat(text(".saving")).contains("Print", "daily.html", "daily-4.csv");
  }

  @Test
  void followsTheReleases() {
    openReport();
    int before = Integer.parseInt(text(".report .of-number dd"));
    browser.server.buildAgain(SmallLake.DAILY);
    String after = String.valueOf(before + 3);
    await().atMost(PATIENCE).until(() -> text(".report .of-number dd").equals(after));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void keepsTheRulesOfAccessibility(String scheme) throws IOException {
    browser.prefer(scheme);
    openReport();
    assertThat(browser.accessibilityFaults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {768, 360})
  void fitsTheWidthOfTheScreen(int width) {
    browser.resize(width, 800);
    openReport();
    assertThat(browser.pageWidth()).isLessThanOrEqualTo(width);
  }
}
