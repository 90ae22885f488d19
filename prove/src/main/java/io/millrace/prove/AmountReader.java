package io.millrace.prove;

import io.millrace.core.MillraceException;
import io.millrace.engine.Rows;
import io.millrace.prove.BalanceProof.Amount;
import io.millrace.prove.BalanceProof.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what the SQL of a balance's part gives: one number, or reasons with a number each. */
final class AmountReader {

  private static final int MAX_REASONS = 1000;

  /** Types whose sums are exact. */
  private static final Pattern EXACT =
      Pattern.compile("DECIMAL\\(.*|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER");

  private static final String REMEDY = "write a SELECT of one number, or of reasons and numbers";

  private static final Comparator<Reason> LARGEST_FIRST =
      Comparator.comparing((Reason reason) -> reason.amount().abs())
          .reversed()
          .thenComparing(Reason::reason);

  private AmountReader() {}

  /**
   * Reads all rows.
   *
   * @throws MillraceException if they are no exact numbers
   */
  static Amount read(String name, Rows rows) {
    List<Rows.Column> columns = rows.columns();
    if (columns.isEmpty() || columns.size() > 2) {
      throw wrong("it gives %d columns; %s".formatted(columns.size(), REMEDY));
    }
    Rows.Column number = columns.get(columns.size() - 1);
    if (!EXACT.matcher(number.type()).matches()) {
      throw wrong(
          "column '%s' is of type %s, which is not exact; make it a DECIMAL or an integer"
              .formatted(number.name(), number.type()));
    }
    return columns.size() == 1 ? number(name, rows) : reasons(name, rows);
  }

  private static Amount number(String name, Rows rows) {
    if (!rows.next()) {
      throw wrong("it gives no row; " + REMEDY);
    }
    BigDecimal amount = amount(rows.value(0));
    if (rows.next()) {
      throw wrong("it gives more than one row of one number; " + REMEDY);
    }
    return new Amount(name, amount, List.of());
  }

  private static Amount reasons(String name, Rows rows) {
    List<Reason> reasons = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    while (rows.next()) {
      if (reasons.size() == MAX_REASONS) {
        throw wrong("it gives more than %,d reasons; group them".formatted(MAX_REASONS));
      }
      if (rows.value(0) == null) {
        throw wrong("a reason is NULL; say what it is, as with coalesce(reason, 'unknown')");
      }
      Reason reason = new Reason(rows.value(0).toString(), amount(rows.value(1)));
      reasons.add(reason);
      sum = sum.add(reason.amount());
    }
    reasons.sort(LARGEST_FIRST);
    return new Amount(name, sum, reasons);
  }

  private static BigDecimal amount(Object value) {
    if (value == null) {
      throw wrong("the number is NULL; of no rows it should be 0: write coalesce(sum(...), 0)");
    }
    return new BigDecimal(value.toString());
  }

  private static MillraceException wrong(String reason) {
    return MillraceException.caller(reason);
  }
}
