package io.millrace.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.project.Field;
import io.millrace.project.Personal;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.Sight;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.util.List;

/** A stream's rows, which are JSON, without what somebody may not see. */
final class VeiledRow {

  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(ObjectNode.class)
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private final StreamContract contract;
  private final Sight sight;

  VeiledRow(StreamContract contract, Sight sight) {
    this.contract = contract;
    this.sight = sight;
  }

  /** Whether the values of a field are shown; a mask is nobody's own. */
  boolean shows(Field field) {
    return sight.shows(
        field.personal().map(Personal::treatment).filter(it -> it != Treatment.MASK));
  }

  ObjectNode of(String json) throws JsonProcessingException {
    ObjectNode row = READER.readValue(json);
    hide(contract.fields(), row);
    return row;
  }

  private void hide(List<Field> fields, ObjectNode object) {
    for (Field field : fields) {
      if (!shows(field)) {
        object.remove(field.name());
      } else if (field.isPersonal()) {
        hide(field.type(), object.path(field.name()));
      }
    }
  }

  private void hide(Type type, JsonNode value) {
    if (type instanceof Type.Struct struct && value instanceof ObjectNode object) {
      hide(struct.fields(), object);
    } else if (type instanceof Type.ListOf list) {
      value.forEach(element -> hide(list.element(), element));
    }
  }
}
