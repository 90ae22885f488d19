package io.millrace.serve;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.project.Project;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of this machine, and a server whose console it shows. */
final class Browser extends ChromeDriver {

  /** Selenium warns of each browser newer than itself; kept, or the logger is collected. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final List<String> BROWSERS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final List<String> DRIVERS =
      List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

  final RunningServer server;

  private Browser(ChromeDriverService service, ChromeOptions options, RunningServer server) {
    super(service, options);
    this.server = server;
  }

  /**
   * Starts both; without a Chromium the calling test is not run, unless this is CI, where it fails.
   *
   * @param directory of the project and of a profile, which are made
   * @param pages a click on each is in the lake
   */
  static Browser start(Path directory, UnaryOperator<Project> project, String... pages) {
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
        "--user-data-dir=" + directory.resolve("profile"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable("browser", Level.ALL);
    logs.enable("performance", Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.get().toFile())
            .usingAnyFreePort()
            .build();
    Path shop = directory.resolve("shop");
    RunningServer server = RunningServer.start(shop, project.apply(SmallLake.project(shop)), pages);
    return new Browser(service, options, server);
  }

  void stop() {
    quit();
    server.close();
  }

  /** Shows a page on the screen of a laptop, in light colours. */
  void open(String path) {
    resize(1280, 900);
    prefer("light");
    get(server.url(path));
  }

  private static Optional<Path> find(List<String> places) {
    return places.stream().map(Path::of).filter(Files::isExecutable).findFirst();
  }

  void resize(int width, int height) {
    executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Makes the page believe its user prefers light or dark, and that nothing glides. */
  void prefer(String scheme) {
    executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** How much width the page wants. */
  long pageWidth() {
    return (long) executeScript("return document.documentElement.scrollWidth");
  }

  /** What axe finds wrong with the page: the rule and the elements that break it. */
  List<?> accessibilityFaults() throws IOException {
    try (InputStream axe =
        Browser.class.getResourceAsStream(
            "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    return (List<?>)
        executeAsyncScript(
            """
            const done = arguments[0];
            axe.run().then((result) => done(result.violations.map((rule) =>
                `${rule.id}: ${rule.nodes.map((node) => node.html).join(' ')}`)));
            """);
  }
}
