package io.millrace.serve;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MetricsEndpoint;
import io.millrace.core.MillraceException;
import io.millrace.project.Model;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running project tells over HTTP: its status, its rates, its balance, and answers to SQL.
 * Each request asks the parts anew, so a part that comes up later shows by itself.
 */
public final class Api implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Api.class);

  private final Parts parts;
  private final Rates rates;
  private final StatusReader status;
  private final InstantSource clock;

  public Api(Parts parts, InstantSource clock) {
    this.parts = parts;
    this.rates =
        new Rates(
            List.copyOf(parts.project().streams().keySet()),
            parts.meters(),
            parts.endpoints().streamMetrics());
    this.status = new StatusReader(parts, rates, clock);
    this.clock = clock;
  }

  /** Adds the routes and begins to measure rates. */
  public void addTo(Javalin app) {
    Loopback guard = new Loopback();
    for (String path : List.of("/api/*", "/v1/live/*", "/health", "/metrics")) {
      app.before(path, guard);
    }
    Access access = new Access(parts.project().roles(), parts.data());
    app.before("/api/*", access);
    app.before("/v1/live/*", access);
    app.get("/health", answering(this::health));
    app.get("/metrics", this::metrics);
    app.get(
        "/api/status", answering(request -> Json.answer(request, HttpStatus.OK, status.read())));
    app.get("/api/rates", answering(request -> Json.answer(request, HttpStatus.OK, rates())));
    app.get("/api/models", answering(request -> Json.answer(request, HttpStatus.OK, models())));
    app.get(
        "/api/proof",
        answering(new ProofRoute(parts.project().streams().keySet(), parts.balances())));
    LiveRoute live = new LiveRoute(parts.project(), parts.live());
    app.get("/v1/live/{stream}", answering(live));
    app.get("/v1/live/{stream}/<key>", answering(live));
    app.post(
        "/api/query", answering(new QueryRoute(parts.engine(), parts.warehouse().books().usage())));
    app.post("/api/streams/{stream}/replay", answering(new ReplayRoute(parts)));
    app.post("/api/erasures", answering(new ErasureRoute(parts.erasing())));
    app.get("/api/corrections", answering(new CorrectionsRoute(parts, clock)));
    IncidentRoutes incidents = new IncidentRoutes(parts.incidents());
    app.get("/api/incidents", answering(incidents::recent));
    app.post("/api/incidents/{id}/acknowledge", answering(incidents::acknowledge));
    PracticeRoutes practice =
        new PracticeRoutes(
            parts.project(), parts.engine(), parts.warehouse().books().usage(), clock);
    app.get("/api/practice", answering(practice::all));
    app.post("/api/practice/{name}", answering(practice::grade));
    addReports(app);
    CostRoutes costs = new CostRoutes(parts, clock);
    app.get("/api/cost", answering(costs::cost));
    app.get("/api/size", answering(costs::size));
    addAssets(app);
    addRuns(app);
    rates.start();
  }

  private void addAssets(Javalin app) {
    AssetRoutes assets =
        new AssetRoutes(
            new Assets(parts), parts.warehouse().lineage(), parts.warehouse().personal());
    app.get("/api/assets", answering(assets::all));
    app.get("/api/assets/{name}", answering(assets::one));
    app.get("/api/assets/{name}/lineage", answering(assets::lineage));
    ReleaseRoutes releases = new ReleaseRoutes(parts.warehouse().releases(), new Rollback(parts));
    app.get("/api/releases", answering(releases::recent));
    app.post("/api/releases/{id}/rollback", answering(releases::rollBack));
    app.get("/api/diff", answering(new DiffRoute(parts)));
    app.get("/api/skew", answering(new SkewRoute(parts.engine())));
    UpkeepRoutes upkeep = new UpkeepRoutes(parts.warehouse().chores());
    app.get("/api/upkeep", answering(upkeep::plan));
    app.post("/api/upkeep", answering(upkeep::run));
  }

  private void addReports(Javalin app) {
    ReportRoutes reports =
        new ReportRoutes(
            parts.project().name(),
            new Reports(
                parts.project(),
                parts.warehouse().releases(),
                parts.engine(),
                parts.warehouse().books().usage()));
    app.get("/api/reports", answering(reports::all));
    app.get("/api/reports/{name}", answering(reports::one));
    app.get("/api/reports/{name}/page", answering(reports::page));
    app.get("/api/reports/{name}/tiles/{number}", answering(reports::rows));
  }

  private void addRuns(Javalin app) {
    RunRoutes runs =
        new RunRoutes(parts.project(), parts.warehouse().books(), parts.warehouse().scheduler());
    app.get("/api/runs", answering(runs::recent));
    app.get("/api/runs/{id}", answering(runs::one));
    app.post("/api/runs", answering(runs::begin));
    app.post("/api/runs/{id}/cancel", answering(runs::cancel));
    app.post("/api/runs/{id}/retry", answering(runs::retry));
    BackfillRoutes backfills =
        new BackfillRoutes(
            parts.project(), parts.warehouse().scheduler(), parts.warehouse().books().backfills());
    app.get("/api/backfills", answering(backfills::recent));
    app.get("/api/backfills/{id}", answering(backfills::one));
    app.post("/api/backfills", answering(backfills::begin));
    app.post("/api/backfills/{id}/cancel", answering(backfills::cancel));
  }

  private void health(Context request) {
    Status now = status.read();
    Json.answer(
        request,
        now.ready() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
        new Health(now.ready(), now.waitingFor()));
  }

  private record Health(boolean ready, List<String> waitingFor) {}

  private void metrics(Context request) {
    request.contentType("text/plain; version=0.0.4; charset=utf-8");
    request.result(MetricsEndpoint.text(parts.meters()));
  }

  /** Events per second of the last two minutes, oldest first, one point a second. */
  private Map<String, Rate> rates() {
    Map<String, Rate> points = new TreeMap<>();
    for (String stream : parts.project().streams().keySet()) {
      points.put(
          stream, new Rate(rates.received().points(stream), rates.processed().points(stream)));
    }
    return points;
  }

  private record Rate(List<Double> received, List<Double> processed) {}

  private List<ModelText> models() {
    return parts.project().models().values().stream().map(ModelText::of).toList();
  }

  private record ModelText(String name, String description, String sql) {
    static ModelText of(Model model) {
      return new ModelText(model.name().toString(), model.description(), model.sql());
    }
  }

  /** Turns exceptions into the API's errors here, since the app's own handlers are others' too. */
  private static Handler answering(Handler handler) {
    return request -> {
      try {
        handler.handle(request);
      } catch (MillraceException e) {
        if (e.code() != MillraceException.Code.CALLER) {
          log.warn("{} {} failed", request.method(), request.path(), e);
        }
        Json.fail(request, e);
      } catch (IOException e) {
        log.debug("{} {} was left by its reader", request.method(), request.path(), e);
      } catch (RuntimeException e) {
        log.error("{} {} failed", request.method(), request.path(), e);
        Json.fail(request, MillraceException.us("Cannot answer: the server's log says why", e));
      }
    };
  }

  @Override
  public void close() {
    rates.close();
  }
}
