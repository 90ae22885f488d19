package io.millrace.project;

import java.util.List;
import java.util.Optional;

/**
 * A contract of a project that differs from the one that was accepted, and what stands against it.
 *
 * @param accepted none if the stream is new
 * @param refusals why it cannot be accepted, each with its file and line
 * @param warnings what may go wrong once it is
 */
public record ContractChange(
    Optional<StreamContract> accepted,
    StreamContract wanted,
    List<String> refusals,
    List<String> warnings) {

  public ContractChange {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  public String stream() {
    return wanted.name();
  }
}
