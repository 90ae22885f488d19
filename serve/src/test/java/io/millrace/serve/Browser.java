package io.millrace.serve;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of this machine, with a profile of its own. */
final class Browser {

  /** Selenium warns of each browser newer than itself; kept, or the logger is collected. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final List<String> BROWSERS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final List<String> DRIVERS =
      List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

  private Browser() {}

  /** Starts it; without one the calling test is not run, unless this is CI, where it fails. */
  static ChromeDriver start(Path profile) {
    Optional<Path> browser = find(BROWSERS);
    Optional<Path> driver = find(DRIVERS);
    if (browser.isEmpty() || driver.isEmpty()) {
      String message = "not run: no Chromium";
      return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable("browser", Level.ALL);
    logs.enable("performance", Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.get().toFile())
            .usingAnyFreePort()
            .build();
    return new ChromeDriver(service, options);
  }

  private static Optional<Path> find(List<String> places) {
    return places.stream().map(Path::of).filter(Files::isExecutable).findFirst();
  }

  static void resize(ChromeDriver browser, int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Makes the page believe its user prefers light or dark, and that nothing glides. */
  static void prefer(ChromeDriver browser, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** What axe finds wrong with the page: the rule and the elements that break it. */
  static List<?> accessibilityFaults(ChromeDriver browser) throws IOException {
    try (InputStream axe =
        Browser.class.getResourceAsStream(
            "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      browser.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    return (List<?>)
        browser.executeAsyncScript(
            """
            const done = arguments[0];
            axe.run().then((result) => done(result.violations.map((rule) =>
                `${rule.id}: ${rule.nodes.map((node) => node.html).join(' ')}`)));
            """);
  }
}
