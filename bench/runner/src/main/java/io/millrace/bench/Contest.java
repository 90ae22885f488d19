package io.millrace.bench;

import java.io.IOException;
import java.util.List;

/** Work that Millrace and others do on the same input. */
interface Contest {

  String name();

  /** The work, in one line. */
  String work();

  List<Figure> run(Ground ground) throws IOException;
}
