package io.millrace.boot;

import io.javalin.Javalin;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.Leash;
import io.millrace.core.MetricsEndpoint;
import io.millrace.core.MillraceException;
import java.nio.file.Path;

/** The server process: collector, API and console behind one port of the loopback interface. */
public final class ServerMain {

  private ServerMain() {}

  /** Takes the project directory and the data directory. */
  public static void main(String[] args) {
    DataDirectory data = new DataDirectory(Path.of(args[1]));
    Endpoints endpoints =
        Endpoints.find(data.endpoints())
            .orElseThrow(
                () ->
                    MillraceException.world(
                        "Cannot start the server: '%s' is missing; millrace up writes it"
                            .formatted(data.endpoints())));
    Javalin app =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.useVirtualThreads = false;
            });
    app.get("/health", request -> request.result("ok\n"));
    app.get(
        "/metrics",
        request ->
            request
                .contentType("text/plain; version=0.0.4")
                .result(MetricsEndpoint.text(Leash.meters())));
    Runtime.getRuntime().addShutdownHook(new Thread(app::stop, "stop"));
    app.start("127.0.0.1", endpoints.server());
  }
}
