package io.millrace.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.prove.BalanceProof;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamProof;
import java.io.IOException;
import java.util.Locale;

/** How this API writes JSON: records in snake case, instants in ISO 8601. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule()
                  .addSerializer(Enum.class, new LowerCase())
                  .addKeySerializer(Enum.class, new LowerCaseKey())
                  .addSerializer(TableName.class, ToStringSerializer.instance))
          .addMixIn(Proof.class, ProofRoute.Outcome.class)
          .addMixIn(BalanceProof.class, ProofRoute.Outcome.class)
          .addMixIn(StreamProof.class, ProofRoute.Outcome.class)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  /** Writes constants as the rest of the API is written. */
  @SuppressWarnings("rawtypes")
  private static final class LowerCase extends StdSerializer<Enum> {

    LowerCase() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Writes constants that are keys alike. */
  @SuppressWarnings("rawtypes")
  private static final class LowerCaseKey extends StdSerializer<Enum> {

    LowerCaseKey() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeFieldName(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** An error as the API shows it: a sentence, and who must act. */
  record Failure(String error, String code) {}

  private Json() {}

  static void answer(Context request, HttpStatus status, Object body) {
    request.status(status).contentType("application/json").result(bytes(body));
  }

  static byte[] bytes(Object body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw MillraceException.us("Cannot write the answer as JSON: " + e.getMessage(), e);
    }
  }

  static void refuse(Context request, HttpStatus status, String error) {
    answer(request, status, new Failure(error, "caller"));
  }

  static void fail(Context request, MillraceException e) {
    if (e.code() == MillraceException.Code.WORLD) {
      request.header("Retry-After", "1");
    }
    answer(request, status(e.code()), failure(e));
  }

  static Failure failure(MillraceException e) {
    return new Failure(e.getMessage(), e.code().name().toLowerCase(Locale.ROOT));
  }

  private static HttpStatus status(MillraceException.Code code) {
    return switch (code) {
      case CALLER -> HttpStatus.BAD_REQUEST;
      case WORLD -> HttpStatus.SERVICE_UNAVAILABLE;
      case US, UNKNOWN -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
