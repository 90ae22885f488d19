package io.millrace.serve;

import io.millrace.prove.Depth;
import io.millrace.prove.Proof;
import java.util.Optional;

/** The balance of what went in and what came out, as the API asks for it. */
@FunctionalInterface
public interface Balances {

  /** Of one stream, or of all. */
  Proof prove(Optional<String> stream, Depth depth);
}
