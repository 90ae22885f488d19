package io.millrace.prove;

import java.util.List;

/**
 * What a long run of a project under load shows.
 *
 * @param balance of every event; it has no faults
 * @param ramp how the highest load was found, in the order it was tried
 * @param eventsPerSecond that were written for the length of the run
 * @param proofsFailed of the proofs from the sealed ledger that were asked for during the run
 * @param restarts of processes that died, which none may
 */
public record SoakCertificate(
    Certificate balance,
    List<Step> ramp,
    double eventsPerSecond,
    int proofs,
    int proofsFailed,
    int restarts,
    List<SoakSeries> series) {

  public SoakCertificate {
    ramp = List.copyOf(ramp);
    series = List.copyOf(series);
  }

  /**
   * A load that was tried.
   *
   * @param offered events a second
   * @param acknowledged events a second
   * @param behindS how long ago the oldest event came that was not in its table, at the end
   * @param sustained whether it could have gone on
   */
  public record Step(double offered, double acknowledged, double behindS, boolean sustained) {}

  /** The highest load that was sustained, in acknowledged events a second; 0 if none was. */
  public double highest() {
    return highest(ramp);
  }

  /** What the last of them sustained, which confirms what was found before it. */
  public static double highest(List<Step> ramp) {
    Step last = ramp.get(ramp.size() - 1);
    return last.sustained() ? last.acknowledged() : 0;
  }

  /** Whether nothing is lost or twice, and nothing grows that should not. */
  public boolean holds() {
    return balance.holds()
        && proofsFailed == 0
        && restarts == 0
        && series.stream().allMatch(it -> it.judge().verdict().isWell());
  }
}
