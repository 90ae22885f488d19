package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.ApplyRequests;
import io.millrace.boot.processes.Projects;
import io.millrace.boot.processes.Supervisor;
import io.millrace.core.MillraceException;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.project.Project;
import io.millrace.schedule.CronTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A project that this command starts and, however the command ends, stops. */
final class Running implements AutoCloseable {

  private static final Duration TO_BE_READY = Duration.ofSeconds(90);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Supervisor supervisor;
  private final Server server;
  private final ApplyRequests requests;

  private Running(Supervisor supervisor, Server server, ApplyRequests requests) {
    this.supervisor = supervisor;
    this.server = server;
    this.requests = requests;
  }

  /** Starts the processes and waits until the server answers. */
  static Running start(Terminal terminal, Supervisor.Plan plan) throws InterruptedException {
    Project project = plan.project();
    terminal.say("Starting %s from %s".formatted(project.name(), project.directory()));
    Supervisor supervisor = Supervisor.start(plan, terminal::say);
    // Ctrl-C and SIGTERM end here too.
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "stop"));
    supervisor.awaitServer();
    ApplyRequests requests =
        new ApplyRequests(plan.data(), () -> read(plan.project().directory()), supervisor);
    return new Running(supervisor, Server.of(plan.data()), requests);
  }

  /** Mistakes are said here, all at once, and not by a process that dies of them. */
  static Project read(Path directory) {
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Project project = Projects.load(directory, sql);
      List<String> mistakes = CronTimes.mistakes(project);
      if (!mistakes.isEmpty()) {
        throw MillraceException.caller("Cannot use the project: " + String.join("\n  ", mistakes));
      }
      return project;
    }
  }

  Server server() {
    return server;
  }

  /** Waits until an event that arrives would reach its table. */
  void awaitReady() throws InterruptedException {
    awaitReady(server);
  }

  /** The same for as long as it takes: a broker may recover, or wait for room, for minutes. */
  void awaitReadyHoweverLong(Consumer<String> say) throws InterruptedException {
    while (true) {
      try {
        awaitReady();
        return;
      } catch (MillraceException e) {
        if (e.code() != MillraceException.Code.WORLD) {
          throw e;
        }
        say.accept(e.getMessage() + "; waiting on");
      }
    }
  }

  static void awaitReady(Server server) throws InterruptedException {
    long giveUp = System.nanoTime() + TO_BE_READY.toNanos();
    JsonNode health = Server.patiently(() -> server.get("/health"));
    while (!health.get("ready").asBoolean()) {
      if (System.nanoTime() > giveUp) {
        throw MillraceException.world(
            "Cannot go on: not ready after %d s: %s"
                .formatted(TO_BE_READY.toSeconds(), health.get("waiting_for")));
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      health = Server.patiently(() -> server.get("/health"));
    }
  }

  @Override
  public void close() {
    requests.close();
    supervisor.close();
  }
}
