package io.millrace.stream;

/**
 * What one topic partition remembers for a while and gives to checkpoints bit by bit. Entries are
 * so many longs, of which the first is the {@link Generations generation} it is forgotten with.
 */
interface Window {

  /** What it has come to remember since this was last asked. */
  Additions takeAdditions();

  /** Remembers an entry again after a restart; entries come in any order. */
  void restore(long[] entry);

  /** Whether all that is of a generation has been forgotten. */
  boolean hasForgotten(long generation);
}
