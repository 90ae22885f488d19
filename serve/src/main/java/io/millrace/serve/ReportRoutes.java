package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.ResultFormat;
import io.millrace.engine.Rows;
import io.millrace.project.Report;
import io.millrace.project.Sight;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * {@code /api/reports}: the project's reports with the rows of the newest release, as JSON, as a
 * page of HTML that needs nothing else, and a tile's rows as CSV. A page has an {@code ETag}, which
 * changes when the rows of a tile may have.
 */
final class ReportRoutes {

  /** A page with a style of its own, and nothing else. */
  private static final String ALONE =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private record Line(String name, String title, String description) {}

  private record Tile(
      String title,
      String note,
      Report.Chart chart,
      SortedMap<TableName, Long> snapshots,
      List<Rows.Column> columns,
      List<List<Object>> rows,
      boolean truncated,
      Optional<String> failure) {

    static Tile of(Reports.Filled filled) {
      return new Tile(
          filled.tile().title(),
          filled.tile().note(),
          filled.tile().chart(),
          filled.snapshots(),
          filled.answer().columns(),
          filled.answer().rows(),
          !filled.answer().whole(),
          filled.failure());
    }
  }

  private record Told(
      String name, String title, String description, long release, Instant at, List<Tile> tiles) {}

  private final String project;
  private final Reports reports;

  ReportRoutes(String project, Reports reports) {
    this.project = project;
    this.reports = reports;
  }

  void all(Context request) {
    Json.answer(
        request,
        HttpStatus.OK,
        reports.all().stream()
            .map(report -> new Line(report.name(), report.title(), report.description()))
            .toList());
  }

  void one(Context request) {
    Reports.Edition edition = edition(request);
    Report report = edition.report();
    Json.answer(
        request,
        HttpStatus.OK,
        new Told(
            report.name(),
            report.title(),
            report.description(),
            edition.release().id(),
            edition.release().at(),
            edition.tiles().stream().map(Tile::of).toList()));
  }

  void page(Context request) {
    Reports.Edition edition = edition(request);
    String tag = tag(edition, Access.of(request));
    request
        .header("ETag", tag)
        .header("Cache-Control", "no-cache")
        .header("Content-Security-Policy", ALONE);
    if (tag.equals(request.header("If-None-Match"))) {
      request.status(HttpStatus.NOT_MODIFIED);
    } else {
      request
          .contentType("text/html; charset=utf-8")
          .result(new ReportPage(project, edition).text());
    }
  }

  void rows(Context request) throws IOException {
    String name = request.pathParam("name");
    int number = number(request);
    long began = System.nanoTime();
    try (Rows rows = reports.rows(name, number, Access.of(request))) {
      request.contentType("text/csv; charset=utf-8");
      Writer out = new OutputStreamWriter(request.outputStream(), StandardCharsets.UTF_8);
      ResultFormat.CSV.write(rows, out);
      reports.count(name, number, began);
    }
  }

  private Reports.Edition edition(Context request) {
    return reports.edition(request.pathParam("name"), Access.of(request));
  }

  /** A tile without a snapshot may have other rows each time. */
  private static String tag(Reports.Edition edition, Sight sight) {
    List<Object> parts =
        List.of(
            edition.tiles().stream().map(it -> List.of(it.snapshots(), it.answer())).toList(),
            sight);
    return "\"%d-%08x\"".formatted(edition.release().id(), Objects.hash(parts));
  }

  private static int number(Context request) {
    String number = request.pathParam("number");
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw MillraceException.caller(
          "Cannot find tile '" + number + "': it has a number from 1 on");
    }
  }
}
