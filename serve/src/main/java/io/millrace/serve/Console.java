package io.millrace.serve;

import io.javalin.Javalin;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The console: one page at {@code /} that shows a running project, made of a few static files. */
public final class Console {

  private static final String STYLE = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "page.css", STYLE,
          "console.css", STYLE,
          "console.js", SCRIPT,
          "dom.js", SCRIPT,
          "format.js", SCRIPT,
          "chart.js", SCRIPT,
          "query.js", SCRIPT,
          "mark.svg", "image/svg+xml");

  /** Adds the routes. */
  public void addTo(Javalin app) {
    Loopback guard = new Loopback();
    FILES.forEach(
        (file, type) -> {
          String path = file.equals("index.html") ? "/" : "/console/" + file;
          byte[] content = read(file);
          app.before(path, guard);
          app.get(path, request -> request.contentType(type).result(content));
        });
  }

  private static byte[] read(String file) {
    try (InputStream content = Console.class.getResourceAsStream("console/" + file)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw MillraceException.us("Cannot read console/" + file + ": " + e.getMessage(), e);
    }
  }
}
