package io.millrace.stream;

import io.millrace.core.TableName;
import io.millrace.project.StreamContract;
import java.util.Locale;

/** What becomes of a record; each has a table of its own. */
enum Outcome {
  /** To bronze. */
  ACCEPTED,
  /** It breaks the contract, here or at the door. */
  REJECTED,
  /** Its id was seen within the repeat window. */
  REPEATED,
  /** It was received after its lateness had run out. */
  LATE;

  /** Where its rows go. */
  TableName table(StreamContract contract) {
    return switch (this) {
      case ACCEPTED -> contract.bronze();
      case REJECTED -> TableName.rejected(contract.name());
      case REPEATED -> TableName.repeated(contract.name());
      case LATE -> TableName.late(contract.name());
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
