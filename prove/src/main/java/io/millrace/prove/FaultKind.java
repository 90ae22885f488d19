package io.millrace.prove;

import java.util.List;
import java.util.Locale;

/** What can happen to a running project. A deck of faults holds each at least once. */
public enum FaultKind {
  KILL("kill -9 of one process", 0, 12),
  KILL_SEVERAL("kill -9 of several processes at once", 0, 16),
  KILL_AGAIN("kill -9 of a process, and again while it starts", 0, 16),
  KILL_IN_CHECKPOINT("kill -9 of the stream while it writes a checkpoint", 0, 16),
  KILL_IN_COMMIT("kill -9 of the stream while it commits to the lake", 0, 16),
  RESTART("millrace up ends by TERM and starts again", 0, 20),
  KILL_ALL("kill -9 of millrace up, with all it started, and a new start", 0, 25),
  BROKER_SLOW("each packet from and to the broker waits", 10, 8),
  BROKER_RESETS("connections to the broker are reset, each second", 10, 8),
  BROKER_REFUSES("the broker refuses connections", 10, 8),
  BROKER_STALLS("the broker takes what is sent and nothing comes back", 25, 10),
  FREEZE("SIGSTOP of one process for longer than its partners wait", 25, 10),
  DISK_FULL("the disk is full", 10, 25),
  TIME_JUMP("event times jump far back and far ahead", 0, 8),
  SENT_AGAIN("producers do not wait for the answer and send the same again", 0, 8);

  private final String sentence;
  private final int lastsSeconds;
  private final int recoverySeconds;

  FaultKind(String sentence, int lastsSeconds, int recoverySeconds) {
    this.sentence = sentence;
    this.lastsSeconds = lastsSeconds;
    this.recoverySeconds = recoverySeconds;
  }

  /** What happens, for people. */
  public String sentence() {
    return sentence;
  }

  /** How long its cause lasts at least; 0 for what happens in a moment. */
  int lastsSeconds() {
    return lastsSeconds;
  }

  /** How long one is expected to take until the next may come: a plan for some minutes needs it. */
  int expectedSeconds() {
    return lastsSeconds + recoverySeconds;
  }

  /** What a deck has after the kills of single processes, those that take long at the end. */
  static List<FaultKind> quick() {
    return List.of(
        KILL_SEVERAL,
        KILL_AGAIN,
        KILL_IN_CHECKPOINT,
        KILL_IN_COMMIT,
        RESTART,
        KILL_ALL,
        BROKER_SLOW,
        BROKER_RESETS,
        BROKER_REFUSES,
        DISK_FULL,
        TIME_JUMP,
        SENT_AGAIN);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
