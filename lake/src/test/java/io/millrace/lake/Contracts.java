package io.millrace.lake;

import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Contracts of a small stream of clicks. */
final class Contracts {

  static final Field EVENT_ID = Field.required("event_id", Scalar.UUID);
  static final Field EVENT_TIME = Field.required("event_time", Scalar.TIMESTAMP);
  static final Field USER = Field.optional("user_id", Scalar.STRING);
  static final Field QUANTITY = Field.optional("quantity", Scalar.INT);
  static final Field ITEM =
      Field.optional(
          "item",
          new Type.Struct(
              List.of(
                  Field.required("product_id", Scalar.STRING),
                  Field.optional("price", new Type.Decimal(12, 2)))));
  static final Field TAGS = Field.optional("tags", new Type.ListOf(Scalar.STRING));

  private Contracts() {}

  static StreamContract clicks(Field... fields) {
    return clicks(new Layout.Day("event_time"), fields);
  }

  static StreamContract clicks(Layout layout, Field... fields) {
    return new StreamContract(
        "clicks",
        "",
        "web-team",
        1,
        "user_id",
        new EventId.Declared("event_id"),
        "event_time",
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        4,
        layout,
        StreamContract.Evolution.BACKWARD,
        20,
        List.of(fields),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
