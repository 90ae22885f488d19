package io.millrace.serve;

import java.util.Optional;

/** The balance of what went in and what came out, as the API needs it. */
public interface Balances {

  /** From the sealed ledger; of one stream, or of all. */
  Object sealed(Optional<String> stream);

  /** From the topics and tables themselves, which takes as long as reading them. */
  Object rescanned(Optional<String> stream);
}
