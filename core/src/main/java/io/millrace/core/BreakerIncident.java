package io.millrace.core;

import io.millrace.core.Incident.Kind;
import java.util.function.Consumer;

/**
 * Keeps an incident for as long as a breaker is open. What cannot be written is only said: the
 * database of incidents may be what does not work, and must not fail who found that.
 */
public final class BreakerIncident implements Breaker.Listener {

  /**
   * What is said.
   *
   * @param upstream what does not work, in a word
   * @param trouble what is wrong; the cause follows it
   * @param done what is done about it
   * @param over that it works again
   */
  public record Sentences(String upstream, String trouble, String done, String over) {}

  private final Incidents incidents;
  private final Kind kind;
  private final String asset;
  private final Sentences sentences;
  private final Consumer<String> log;

  public BreakerIncident(
      Incidents incidents, Kind kind, String asset, Sentences sentences, Consumer<String> log) {
    this.incidents = incidents;
    this.kind = kind;
    this.asset = asset;
    this.sentences = sentences;
    this.log = log;
  }

  @Override
  public void opened(String cause) {
    String wrong = sentences.trouble() + ": " + cause;
    log.accept("%s: %s; %s".formatted(asset, wrong, sentences.done()));
    quietly(() -> incidents.report(kind, asset, sentences.upstream(), wrong, 0, sentences.done()));
  }

  @Override
  public void closed() {
    log.accept("%s: %s".formatted(asset, sentences.over()));
    end();
  }

  /** Of a process before this one, which could not say that it is over. */
  public void end() {
    quietly(() -> incidents.end(kind, asset));
  }

  private void quietly(Runnable write) {
    try {
      write.run();
    } catch (MillraceException e) {
      log.accept(e.getMessage());
    }
  }
}
