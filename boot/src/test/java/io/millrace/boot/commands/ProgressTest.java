package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final long SECOND = 1_000_000_000L;

  private final Captured captured = new Captured();
  private long now;

  @Test
  void printsALineFromTimeToTimeWhereNobodyWatches() {
    Progress progress = new Progress(captured.terminal(), "clicks", () -> now);
    now = SECOND;
    progress.at(0.1, 1_000);
    now = 5 * SECOND;
    progress.at(0.25, 5_000);
    now = 20 * SECOND;
    progress.done(20_000);

    assertThat(captured.err())
        .isEqualTo(
            """
            clicks:  25 %, 5,000 events, 1,000/s, 15 s left
            clicks: 100 %, 20,000 events, 1,000/s, took 20.0 s
            """);
  }

  @Test
  void drawsOverItsLineOnATerminal() {
    Progress progress = new Progress(captured.watched(), "clicks", () -> now);
    now = SECOND;
    progress.at(0.5, 1_000);

    assertThat(captured.err())
        .isEqualTo(
            "\r[============            ] clicks:  50 %, 1,000 events, 1,000/s, 1 s left   ");
  }
}
