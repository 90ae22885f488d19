package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * How many clicks of some 600 bytes one core decodes in a second of its own time, and how many
 * bytes it allocates for each. Run its main; the later rounds are the warm ones.
 */
final class DecoderBenchmark {

  private static final int EVENTS = 20_000;
  private static final int ROUNDS = 8;
  private static final long ROUND_NANOS = 1_000_000_000L;

  private DecoderBenchmark() {}

  public static void main(String[] args) {
    byte[][] events = events();
    EventDecoder decoder = new EventDecoder(contract(), 1 << 20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = 1; round <= ROUNDS; round++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long begin = threads.getCurrentThreadCpuTime();
      long count = 0;
      long bytes = 0;
      while (threads.getCurrentThreadCpuTime() - begin < ROUND_NANOS) {
        for (byte[] event : events) {
          Verdict verdict = decoder.decode(event, 0, event.length, EventDecoder.AT_EVENT_TIME);
          if (verdict != Verdict.ACCEPTED) {
            throw new IllegalStateException(verdict.toString());
          }
          count++;
          bytes += event.length;
        }
      }
      double seconds = (threads.getCurrentThreadCpuTime() - begin) / 1e9;
      System.out.printf(
          "round %d: %,.0f events/s, %.0f MB/s, %.2f bytes allocated per event%n",
          round,
          count / seconds,
          bytes / seconds / 1e6,
          (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / count);
    }
  }

  private static StreamContract contract() {
    return Clicks.contract(
        Field.required("event_id", Scalar.UUID),
        Clicks.oneOf(
            Field.required("event_type", Scalar.STRING),
            "page_view",
            "product_view",
            "add_to_cart",
            "search",
            "purchase"),
        Field.required("event_time", Scalar.TIMESTAMP),
        Field.optional("user_id", Scalar.STRING),
        Field.optional("session_id", Scalar.STRING),
        Field.optional("ip", Scalar.STRING),
        Field.optional("user_agent", Scalar.STRING),
        Field.optional("page_url", Scalar.STRING),
        Field.optional("referrer", Scalar.STRING),
        Field.optional("country", Scalar.STRING),
        Field.optional("device", Scalar.STRING),
        Field.optional("duration_ms", Scalar.INT),
        Field.optional("is_member", Scalar.BOOLEAN),
        Field.optional(
            "item",
            new Type.Struct(
                List.of(
                    Field.optional("product_id", Scalar.STRING),
                    Field.optional("category", Scalar.STRING),
                    Field.optional("price", new Type.Decimal(12, 2)),
                    Clicks.atLeast(Field.optional("quantity", Scalar.INT), 1)))),
        Field.optional("scroll", Scalar.DOUBLE));
  }

  private static byte[][] events() {
    SplittableRandom random = new SplittableRandom(7);
    String[] types = {"page_view", "product_view", "add_to_cart", "search", "purchase"};
    byte[][] events = new byte[EVENTS][];
    for (int i = 0; i < EVENTS; i++) {
      int product = random.nextInt(100_000);
      events[i] =
          """
          {"event_id":"%s","event_type":"%s","event_time":"2026-01-%02dT%02d:%02d:%02d.%03dZ",\
          "user_id":"u%d","session_id":"%016x%016x","ip":"10.%d.%d.%d",\
          "user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
          Chrome/%d.0.0.0 Safari/537.36",\
          "page_url":"https://shop.example.com/products/%d?campaign=winter&position=%d",\
          "referrer":"https://search.example.com/","country":"DE","device":"desktop",\
          "duration_ms":%d,"is_member":%b,\
          "item":{"product_id":"p%d","category":"garden","price":%d.%02d,"quantity":%d},\
          "scroll":0.%d}"""
              .formatted(
                  new UUID(random.nextLong(), random.nextLong()),
                  types[random.nextInt(types.length)],
                  1 + random.nextInt(31),
                  random.nextInt(24),
                  random.nextInt(60),
                  random.nextInt(60),
                  random.nextInt(1000),
                  random.nextInt(1_000_000),
                  random.nextLong(),
                  random.nextLong(),
                  random.nextInt(256),
                  random.nextInt(256),
                  random.nextInt(256),
                  100 + random.nextInt(40),
                  product,
                  random.nextInt(50),
                  random.nextInt(100_000),
                  random.nextBoolean(),
                  product,
                  random.nextInt(1000),
                  random.nextInt(100),
                  1 + random.nextInt(5),
                  random.nextInt(1_000_000))
              .getBytes(UTF_8);
    }
    return events;
  }
}
