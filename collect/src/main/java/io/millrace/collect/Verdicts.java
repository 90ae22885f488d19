package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.event.Verdict.Rejected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The answer to a request, written while its events are decided: a verdict for each, in order. */
final class Verdicts {

  /** Which verdicts the answer lists. */
  enum Listing {
    ALL,
    REJECTED
  }

  private static final JsonFactory JSON = new JsonFactory();

  private final Listing listing;
  private final ByteArrayOutputStream list = new ByteArrayOutputStream(512);
  private final JsonGenerator json;
  private int accepted;
  private int rejected;

  Verdicts(Listing listing) {
    this.listing = listing;
    try {
      json = JSON.createGenerator(list);
      json.writeStartArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void accept() {
    accepted++;
    if (listing == Listing.ALL) {
      try {
        json.writeString("accepted");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void reject(Rejected verdict) {
    try {
      json.writeStartObject();
      if (listing == Listing.REJECTED) {
        json.writeNumberField("index", accepted + rejected);
      }
      json.writeObjectFieldStart("rejected");
      json.writeStringField("reason", verdict.reason().toString());
      json.writeStringField("field", verdict.field());
      json.writeStringField("detail", verdict.detail());
      json.writeNumberField("offset", verdict.offset());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rejected++;
  }

  int accepted() {
    return accepted;
  }

  int rejected() {
    return rejected;
  }

  /** The answer; nothing can be added after it. */
  byte[] toJson() {
    ByteArrayOutputStream answer = new ByteArrayOutputStream(list.size() + 64);
    try {
      json.writeEndArray();
      json.close();
      try (JsonGenerator whole = JSON.createGenerator(answer)) {
        whole.writeStartObject();
        whole.writeNumberField("accepted", accepted);
        whole.writeNumberField("rejected", rejected);
        whole.writeFieldName("verdicts");
        whole.writeRawValue(list.toString(UTF_8));
        whole.writeEndObject();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.toByteArray();
  }
}
