package io.millrace.lake;

import io.millrace.project.Settings;
import java.time.Duration;

/**
 * What upkeep may use, and what it keeps.
 *
 * @param snapshotRetention how long a snapshot can be asked for
 * @param hourlySnapshots how long the last snapshot of each hour can be
 * @param cpuPercent how much of one core it may use over time
 * @param bytes how much one round may rewrite
 */
public record UpkeepLimits(
    Duration snapshotRetention, Duration hourlySnapshots, int cpuPercent, long bytes) {

  private static final int WHOLE_CORE = 100;

  public static UpkeepLimits of(Settings settings) {
    return new UpkeepLimits(
        settings.snapshotRetention(),
        settings.hourlySnapshots(),
        settings.upkeepCpuPercent(),
        settings.upkeepBytes());
  }

  /** How long to rest after work on one core, so that it comes to the percentage. */
  Duration restAfter(Duration work) {
    return work.isNegative()
        ? Duration.ZERO
        : work.multipliedBy(WHOLE_CORE - cpuPercent).dividedBy(cpuPercent);
  }
}
