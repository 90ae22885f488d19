package io.millrace.core;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that is wrong and that a person should know of.
 *
 * @param asset what it is wrong with: {@code bronze.clicks}
 * @param upstream where it comes from: {@code stream clicks}
 * @param cause in a sentence
 * @param rows how many rows or events it affects, as far as that is known
 * @param done what was done about it, in a sentence
 * @param acknowledged when a person said that they know
 * @param ended when it was over
 */
public record Incident(
    long id,
    Kind kind,
    String asset,
    String upstream,
    String cause,
    long rows,
    String done,
    Instant since,
    Optional<Instant> acknowledged,
    Optional<Instant> ended) {

  /** What is wrong. */
  public enum Kind {
    /** More events of a stream are rejected than its contract expects. */
    REJECTS,
    /** The lake does not take what a stream has written. */
    LAKE,
    /** Kafka does not confirm what producers send. */
    KAFKA,
    /** A process has too little memory. */
    MEMORY,
    /** Tests refuse the rows of a model. */
    TEST,
    /** What came out is not what went in. */
    BALANCE
  }
}
