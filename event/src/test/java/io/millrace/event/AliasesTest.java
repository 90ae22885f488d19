package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Field;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events of producers that still use the names that fields had before. */
class AliasesTest {

  private static final Type ITEM =
      new Type.Struct(
          List.of(
              Field.required("sku", Scalar.STRING).withAliases("product_id", "article"),
              Field.optional("quantity", Scalar.INT)));

  private final EventDecoder decoder =
      new EventDecoder(
          Clicks.contract(
              Field.required("event_id", Scalar.UUID).withAliases("id"),
              Field.required("event_time", Scalar.TIMESTAMP).withAliases("at"),
              Field.optional("user_id", Scalar.STRING).withAliases("visitor"),
              Field.optional("item", ITEM).withAliases("product"),
              Field.optional("items", new Type.ListOf(ITEM))),
          1 << 20);

  private Verdict decode(String members) {
    byte[] bytes =
        "{\"%s\":\"%s\",\"%s\":\"%s\",%s}"
            .formatted("id", Clicks.EVENT_ID, "at", Clicks.TIME, members)
            .getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length, Clicks.TIME_MICROS);
  }

  @Test
  void oldAndNewNamesAreTheSameFieldsInAnyOrder() {
    for (String members :
        List.of(
            "'visitor':'ann','product':{'product_id':'a1','quantity':2}",
            "'user_id':'ann','item':{'sku':'a1','quantity':2}",
            "'item':{'quantity':2,'article':'a1'},'v\\u0069sitor':'ann'",
            "'product':{'quantity':2,'sku':'a1'},'user_id':'ann'")) {
      assertThat(decode(members.replace('\'', '"'))).isEqualTo(Verdict.ACCEPTED);
      EventRow row = decoder.row();
      assertThat(EventDecoderTest.text(row, 2)).isEqualTo("ann");
      assertThat(EventDecoderTest.text(row.rowAt(3), 0)).isEqualTo("a1");
      assertThat(row.rowAt(3).longAt(1)).isEqualTo(2);
      assertThat(decoder.idHigh()).isEqualTo(0x0190f6a27c1b7d3eL);
      assertThat(decoder.eventTimeMicros()).isEqualTo(Clicks.TIME_MICROS);
    }
  }

  @Test
  void elementsOfAListMayDiffer() {
    assertThat(decode("\"items\":[{\"sku\":\"a\"},{\"product_id\":\"b\"},{\"article\":\"c\"}]"))
        .isEqualTo(Verdict.ACCEPTED);
    EventRow items = decoder.row().rowAt(4);
    assertThat(List.of(0, 1, 2))
        .extracting(i -> EventDecoderTest.text(items.rowAt(i), 0))
        .containsExactly("a", "b", "c");
  }

  @Test
  void anOldNameBesideTheNewOneIsRejected() {
    assertThat(decode("\"user_id\":\"ann\",\"visitor\":\"bob\""))
        .isEqualTo(
            new Verdict.Rejected(
                Reason.DUPLICATE_FIELD,
                "visitor",
                "'user_id' is there a second time; it is also called visitor",
                92));
    assertThat(decode("\"item\":{\"article\":\"a\",\"product_id\":\"a\"}"))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class,
            it -> {
              assertThat(it.reason()).isEqualTo(Reason.DUPLICATE_FIELD);
              assertThat(it.field()).isEqualTo("item.product_id");
              assertThat(it.detail())
                  .isEqualTo("'sku' is there a second time; it is also called product_id, article");
            });
  }

  @Test
  void whatIsMissingIsCalledByItsNewName() {
    assertThat(decode("\"item\":{\"quantity\":1}"))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class, it -> assertThat(it.field()).isEqualTo("item.sku"));
  }
}
