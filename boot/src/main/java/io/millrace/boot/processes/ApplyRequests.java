package io.millrace.boot.processes;

import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;
import io.millrace.core.WholeFile;
import io.millrace.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How {@code millrace apply} asks {@code millrace up} to take the project as it is now: a file in
 * the folder that only its owner reads, and another for the answer.
 */
public final class ApplyRequests implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration TO_BE_TAKEN = Duration.ofSeconds(10);
  private static final String DONE = "done";
  private static final String FAILED = "failed";

  private static final Logger log = LoggerFactory.getLogger(ApplyRequests.class);

  private final DataDirectory data;
  private final Supplier<Project> project;
  private final Supervisor supervisor;
  private final ScheduledExecutorService timer = Daemons.timer("apply");

  /** An answer that could not be written yet, as on a disk that is full. */
  private Optional<String> unwritten = Optional.empty();

  /**
   * Answers requests until this is closed.
   *
   * @param project reads it anew
   */
  public ApplyRequests(DataDirectory data, Supplier<Project> project, Supervisor supervisor) {
    this.data = data;
    this.project = project;
    this.supervisor = supervisor;
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Never throws, because a timer that threw would be silent for ever. */
  private void look() {
    try {
      if (Files.exists(data.applyRequest())) {
        unwritten = Optional.of(answer());
      }
      if (unwritten.isPresent()) {
        WholeFile.replace(data.applyAnswer(), unwritten.get());
        unwritten = Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | MillraceException e) {
      log.warn("Cannot answer what was asked; trying again: {}", e.getMessage());
    }
  }

  private String answer() throws IOException, InterruptedException {
    List<String> answer = new ArrayList<>();
    answer.add(Files.readString(data.applyRequest()));
    Files.delete(data.applyRequest());
    try {
      List<String> accepted = supervisor.apply(project.get());
      answer.add(DONE);
      answer.addAll(accepted);
    } catch (RuntimeException | Error e) {
      answer.add(FAILED);
      answer.add(String.valueOf(e.getMessage()));
    }
    return String.join("\n", answer);
  }

  /**
   * Asks, and waits for the answer.
   *
   * @return what was accepted, in sentences
   * @throws MillraceException if nothing was applied, saying why
   */
  public static List<String> ask(DataDirectory data) throws InterruptedException {
    String id = UUID.randomUUID().toString();
    WholeFile.replace(data.applyRequest(), id);
    long giveUp = System.nanoTime() + TO_BE_TAKEN.toNanos();
    try {
      while (Files.exists(data.applyRequest())) {
        if (System.nanoTime() > giveUp) {
          Files.deleteIfExists(data.applyRequest());
          throw MillraceException.world(
              "Cannot apply: nothing that runs on '%s' answers".formatted(data.root()));
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
      Optional<List<String>> answer = answer(data, id);
      while (answer.isEmpty()) {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
        answer = answer(data, id);
      }
      return answer.get();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read the answer: " + e.getMessage(), e);
    }
  }

  private static Optional<List<String>> answer(DataDirectory data, String id) throws IOException {
    Optional<FileLock> left = FileLock.take(data.lock());
    if (left.isPresent()) {
      left.get().close();
      throw MillraceException.unknown(
          "Cannot tell what was applied: millrace up has ended; it applies the project when it starts",
          null);
    }
    if (!Files.exists(data.applyAnswer())) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(data.applyAnswer());
    if (!lines.get(0).equals(id)) {
      return Optional.empty();
    }
    List<String> said = lines.subList(2, lines.size());
    if (lines.get(1).equals(FAILED)) {
      throw MillraceException.caller(String.join("\n", said));
    }
    return Optional.of(List.copyOf(said));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
