package io.millrace.schedule;

import java.util.concurrent.CompletableFuture;

/**
 * A run that has begun.
 *
 * @param end the run as it is kept, once it has ended; never exceptional
 */
public record Started(long id, CompletableFuture<Run> end) {}
