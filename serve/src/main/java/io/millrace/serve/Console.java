package io.millrace.serve;

import io.javalin.Javalin;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** The console at {@code /} that shows a running project: a page, its scripts and its styles. */
public final class Console {

  private static final List<String> FILES =
      List.of(
          "index.html",
          "mark.svg",
          "page.css",
          "console.css",
          "assets.css",
          "runs.css",
          "conserved.css",
          "incidents.css",
          "practice.css",
          "report.css",
          "cost.css",
          "asset.js",
          "assets.js",
          "chart.js",
          "conserved.js",
          "console.js",
          "corrections.js",
          "cost.js",
          "dom.js",
          "format.js",
          "gantt.js",
          "home.js",
          "incidents.js",
          "intervals.js",
          "lineage.js",
          "parts.js",
          "practice.js",
          "query.js",
          "report.js",
          "reports.js",
          "result.js",
          "run.js",
          "runs.js",
          "server.js",
          "tip.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Adds the routes. */
  public void addTo(Javalin app) {
    Loopback guard = new Loopback();
    FILES.forEach(
        file -> {
          String type = TYPES.get(file.substring(file.indexOf('.') + 1));
          String path = file.equals("index.html") ? "/" : "/console/" + file;
          byte[] content = read(file);
          app.before(path, guard);
          app.get(path, request -> request.contentType(type).result(content));
        });
  }

  /** A file of the console, as it is shipped. */
  static byte[] read(String file) {
    try (InputStream content = Console.class.getResourceAsStream("console/" + file)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw MillraceException.us("Cannot read console/" + file + ": " + e.getMessage(), e);
    }
  }
}
