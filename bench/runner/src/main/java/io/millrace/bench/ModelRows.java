package io.millrace.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The wholesaler's models, in the order in which they read each other, and how to compare them. */
public final class ModelRows {

  /** A key of a model's rows, and a number of them that adds up. */
  private record Sum(String model, String key, String number) {}

  private static final List<Sum> SUMS =
      List.of(
          new Sum("silver.invoice_lines", "line_id", "amount"),
          new Sum("silver.invoices", "invoice_no", "total"),
          new Sum("silver.invoice_returns", "line_id", "refund"),
          new Sum("silver.customers", "customer_id", "invoices"),
          new Sum("silver.products", "stock_code", "descriptions"),
          new Sum("gold.invoices_daily", "invoice_date", "net_revenue"),
          new Sum("gold.customer_value", "customer_id", "net_revenue"),
          new Sum("gold.product_performance", "stock_code", "net_revenue"),
          new Sum("gold.invoice_dirt", "dirt", "amount"));

  public static final List<String> MODELS = SUMS.stream().map(Sum::model).toList();

  /** Of a model that is built by month: how to read no more than a month of what it reads. */
  private static final Map<String, List<String>> BY_MONTH =
      Map.of(
          "silver.invoice_lines",
          List.of(
              "FROM bronze.invoice_lines",
              "FROM bronze.invoice_lines WHERE CAST(invoice_time AT TIME ZONE 'Europe/London' AS DATE) >= DATE '2011-12-01'"),
          "gold.invoices_daily",
          List.of(
              "FROM silver.invoice_lines",
              "FROM silver.invoice_lines WHERE invoice_date >= DATE '2011-12-01'"));

  /** Rows of a model that is built by month which are not of the month of the days that come. */
  public static final String EARLIER = "invoice_date < DATE '2011-12-01'";

  private ModelRows() {}

  public static boolean isByMonth(String model) {
    return BY_MONTH.containsKey(model);
  }

  /** The SQL of a model, for the month of the days that come. */
  public static String ofMonth(String model, String sql) {
    return sql.replace(BY_MONTH.get(model).get(0), BY_MONTH.get(model).get(1));
  }

  /** A SELECT of one text, which is the same if the model's rows are. */
  public static String describe(String model) {
    Sum sum = SUMS.stream().filter(it -> it.model().equals(model)).findFirst().orElseThrow();
    return "SELECT concat('%s: ', count(*), ' rows, ', count(DISTINCT %s), ' keys, ', CAST(sum(%s) AS DECIMAL(38, 3)))"
            .formatted(model, sum.key(), sum.number())
        + " FROM "
        + model;
  }

  /** What all models are, one text for each. */
  public static String made(Stream<String> described) {
    return String.join("; ", described.toList());
  }
}
