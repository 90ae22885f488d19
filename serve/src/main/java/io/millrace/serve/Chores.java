package io.millrace.serve;

import io.millrace.lake.Releases;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.lake.UpkeepPlan;
import io.millrace.schedule.OpenRun;
import io.millrace.schedule.OpenStep;
import io.millrace.schedule.Run;
import io.millrace.schedule.Runs;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upkeep of the lake, with what it does kept among the runs. Safe for several threads. */
public final class Chores {

  private static final Logger log = LoggerFactory.getLogger(Chores.class);

  private final Upkeep upkeep;
  private final Releases releases;
  private final UpkeepLimits limits;
  private final Runs runs;

  /**
   * @param limits how long releases are kept
   */
  public Chores(Upkeep upkeep, Releases releases, UpkeepLimits limits, Runs runs) {
    this.upkeep = upkeep;
    this.releases = releases;
    this.limits = limits;
    this.runs = runs;
  }

  /** What {@link #run} would do now. */
  public UpkeepPlan plan() {
    return upkeep.plan();
  }

  /**
   * Does what there is to do. A round that finds nothing is no run.
   *
   * @param why who or what asked for it
   * @return the run, if there was one
   */
  public Optional<Long> run(String why) {
    releases.forget(limits);
    try (Round round = new Round(why)) {
      upkeep.run(round);
      return round.id();
    }
  }

  /** A round of upkeep, which becomes a run with its first step. */
  private final class Round implements Upkeep.Listener, AutoCloseable {

    private final String why;
    private Optional<OpenRun> run = Optional.empty();
    private OpenStep step;

    Round(String why) {
      this.why = why;
    }

    @Override
    public void began(UpkeepPlan.Step began) {
      if (run.isEmpty()) {
        run = Optional.of(runs.begin(Run.Kind.UPKEEP, "upkeep", why));
      }
      step = run.get().step(began.table().toString());
      step.say(began.what() + ", because " + began.reason());
    }

    @Override
    public void ended(UpkeepPlan.Step ended) {
      step.done(0, ended.what());
    }

    @Override
    public void failed(UpkeepPlan.Step failed, RuntimeException why) {
      log.warn("Cannot {} in {}", failed.what(), failed.table(), why);
      step.failed("Cannot %s: %s".formatted(failed.what(), why.getMessage()));
    }

    Optional<Long> id() {
      return run.map(OpenRun::id);
    }

    @Override
    public void close() {
      run.ifPresent(OpenRun::close);
    }
  }
}
