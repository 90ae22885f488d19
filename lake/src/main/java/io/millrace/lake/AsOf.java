package io.millrace.lake;

import java.time.Instant;

/** Which state of the lake is meant. */
public sealed interface AsOf {

  /** Streams as they are now, models as the newest release names them. */
  record Now() implements AsOf {}

  /** All tables as a release names them: models as built, streams as they were read for it. */
  record Release(long id) implements AsOf {}

  /** Streams as they were then, models as the release of that time named them. */
  record Time(Instant instant) implements AsOf {}

  /** The newest snapshot of every table, released or not: what builds read. */
  record Head() implements AsOf {}

  /** As now, but tables that have a branch of this name as it is there. */
  record Branch(String name) implements AsOf {}

  static AsOf now() {
    return new Now();
  }
}
