package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Contracts and events for tests. */
final class Clicks {

  static final String EVENT_ID = "0190f6a2-7c1b-7d3e-9a4f-2b6c8d0e1f23";
  static final String TIME = "2026-01-31T12:00:00.25Z";
  static final long TIME_MICROS = 1_769_860_800_250_000L;

  private Clicks() {}

  /** Every type a contract can have, and a nested one of each. */
  static StreamContract contract() {
    List<Field> item =
        List.of(
            Field.required("product_id", Scalar.STRING),
            Field.optional("price", new Type.Decimal(12, 2)),
            atLeast(Field.optional("quantity", Scalar.INT), 1));
    return contract(
        Field.required("event_id", Scalar.UUID),
        oneOf(Field.required("event_type", Scalar.STRING), "page_view", "search", "purchase"),
        Field.required("event_time", Scalar.TIMESTAMP),
        longest(Field.optional("user_id", Scalar.STRING), 16),
        Field.optional("flag", Scalar.BOOLEAN),
        Field.optional("int", Scalar.INT),
        Field.optional("long", Scalar.LONG),
        Field.optional("double", Scalar.DOUBLE),
        Field.optional("money", new Type.Decimal(12, 2)),
        Field.optional("wide", new Type.Decimal(38, 10)),
        Field.optional("day", Scalar.DATE),
        Field.optional("seen", Scalar.TIMESTAMP),
        between(Field.optional("share", Scalar.DOUBLE), "0.1", "0.9"),
        between(Field.optional("fee", new Type.Decimal(30, 4)), "-1.005", "100"),
        between(Field.optional("count", Scalar.LONG), "-3", "10"),
        Field.optional("item", new Type.Struct(item)),
        Field.optional("items", new Type.ListOf(new Type.Struct(item))),
        Field.optional("tags", new Type.ListOf(Scalar.STRING)),
        Field.optional("grid", new Type.ListOf(new Type.ListOf(Scalar.INT))));
  }

  static StreamContract contract(Field... fields) {
    return contract("user_id", new EventId.Declared("event_id"), fields);
  }

  static StreamContract contract(String key, EventId id, Field... fields) {
    return new StreamContract(
        "clicks",
        "What visitors do in the shop",
        "web-team",
        1,
        key,
        id,
        "event_time",
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        4,
        new StreamContract.Layout.Day("event_time"),
        StreamContract.Evolution.BACKWARD,
        20,
        List.of(fields),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** An event that keeps the contract, with these members after the required ones. */
  static String event(String members) {
    return "{\"event_id\":\"%s\",\"event_type\":\"search\",\"event_time\":\"%s\"%s}"
        .formatted(EVENT_ID, TIME, members.isEmpty() ? "" : "," + members);
  }

  static Field oneOf(Field field, String... values) {
    return new Field(
        field.name(),
        field.type(),
        field.required(),
        List.of(values),
        field.min(),
        field.max(),
        field.maxLength(),
        "",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  static Field longest(Field field, int bytes) {
    return new Field(
        field.name(),
        field.type(),
        field.required(),
        field.oneOf(),
        field.min(),
        field.max(),
        bytes,
        "",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  static Field atLeast(Field field, int min) {
    return bounded(field, Optional.of(BigDecimal.valueOf(min)), Optional.empty());
  }

  static Field between(Field field, String min, String max) {
    return bounded(field, Optional.of(new BigDecimal(min)), Optional.of(new BigDecimal(max)));
  }

  private static Field bounded(Field field, Optional<BigDecimal> min, Optional<BigDecimal> max) {
    return new Field(
        field.name(),
        field.type(),
        field.required(),
        field.oneOf(),
        min,
        max,
        field.maxLength(),
        "",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
