package io.millrace.prove;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What became of what a {@link io.millrace.project.Balance} says is conserved, in one release.
 *
 * @param release the release that was asked; empty if there is none
 * @param in what went in; empty unless it was counted, as are {@code out} and {@code difference}
 * @param out its parts; in as many as the balance has
 * @param difference {@code in} less the sum of {@code out}
 * @param sentence what is wrong or missing; empty when it holds
 */
public record BalanceProof(
    String balance,
    String description,
    String unit,
    Optional<Long> release,
    State state,
    Optional<Amount> in,
    List<Amount> out,
    Optional<BigDecimal> difference,
    Optional<String> sentence) {

  public BalanceProof {
    out = List.copyOf(out);
  }

  /** What can be said of it. */
  public enum State {
    /** What came out is what went in. */
    HOLDS,
    /** It is not. */
    BREACHED,
    /** A model has not taken in yet what another part of it reads: nobody can tell. */
    BEHIND,
    /** A table it counts is not in a release yet, so there is nothing to be right or wrong. */
    NOT_BUILT,
    /** It cannot be counted: its SQL gives no amounts, or files cannot be read. */
    FAILED
  }

  /**
   * A part of the balance.
   *
   * @param reasons what the amount consists of, where the SQL of the part says so; the largest
   *     first
   */
  public record Amount(String name, BigDecimal amount, List<Reason> reasons) {
    public Amount {
      reasons = List.copyOf(reasons);
    }
  }

  /** A share of an amount, and why. */
  public record Reason(String reason, BigDecimal amount) {}

  /** Whether it was counted and is right: one that is behind or not built does not hold. */
  public boolean holds() {
    return state == State.HOLDS;
  }

  /** Whether something is wrong: with one that is behind or not built, nothing is. */
  public boolean isBroken() {
    return state == State.BREACHED || state == State.FAILED;
  }
}
