package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.SetTag;
import com.hubspot.jinjava.tree.parse.TagToken;
import java.util.List;

/** {@code set}, which also takes a list apart: {@code set a, b = pair}. */
final class AssignmentTag extends SetTag {

  @Override
  public void executeSet(
      TagToken tag,
      JinjavaInterpreter interpreter,
      String[] names,
      List<?> values,
      boolean override) {
    boolean apart =
        names.length > 1
            && values != null
            && values.size() == 1
            && values.get(0) instanceof List<?> parts
            && parts.size() == names.length;
    super.executeSet(
        tag, interpreter, names, apart ? Values.list(values.get(0)) : values, override);
  }
}
