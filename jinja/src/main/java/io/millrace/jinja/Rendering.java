package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Rendered;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One template that is being rendered, with the macros that are being called. Its first mistake
 * ends it: what Jinjava goes on with after an error makes no steps any more.
 */
final class Rendering implements AutoCloseable {

  private static final ThreadLocal<Rendering> CURRENT = new ThreadLocal<>();

  /** A template or a macro. */
  private static final class Frame {
    private final Path file;
    private final int firstLine;
    private boolean returned;
    private Object result;

    private Frame(Path file, int firstLine) {
      this.file = file;
      this.firstLine = firstLine;
    }
  }

  private final Optional<Rendering> outer;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private Optional<Rendered.Refused> refused = Optional.empty();
  private int steps;

  /** Begins; to be closed. */
  Rendering(Path file, int firstLine) {
    this.outer = Optional.ofNullable(CURRENT.get());
    frames.push(new Frame(file, firstLine));
    CURRENT.set(this);
  }

  static Rendering current() {
    Rendering current = CURRENT.get();
    if (current == null) {
      throw new IllegalStateException("nothing is being rendered");
    }
    return current;
  }

  @Override
  public void close() {
    outer.ifPresentOrElse(CURRENT::set, CURRENT::remove);
  }

  /** Counts a pass of a loop, or a call. */
  void step() {
    if (++steps > Limits.MAX_STEPS) {
      throw new Problem(
          "the template takes more than " + Limits.MAX_STEPS + " steps",
          "end its loops and calls earlier");
    }
  }

  void enter(Path file, int firstLine) {
    if (frames.size() > Limits.MAX_DEPTH) {
      throw new Problem(
          "macros call each other more than " + Limits.MAX_DEPTH + " deep",
          "end the recursion earlier");
    }
    frames.push(new Frame(file, firstLine));
  }

  /** What the macro returns, or else the text it has made. */
  Object leave(String text) {
    Frame frame = frames.pop();
    return frame.returned ? frame.result : text;
  }

  /** Of the template or macro of now. */
  Path file() {
    return frames.element().file;
  }

  /** The line of the file on which its text begins. */
  int firstLine() {
    return frames.element().firstLine;
  }

  /** Has the macro give this value in place of its text. */
  void giveBack(Object value) {
    frames.element().returned = true;
    frames.element().result = value;
  }

  /** Whether what follows in this template or macro is not to be done. */
  boolean isOver() {
    return refused.isPresent() || frames.element().returned;
  }

  /** Takes over what Jinjava has found wrong in the template or macro of now. */
  void note(JinjavaInterpreter interpreter) {
    if (refused.isEmpty() && !interpreter.getErrors().isEmpty()) {
      TemplateError error = interpreter.getErrors().get(0);
      refuse(error.getLineno(), Complaint.of(error));
    }
  }

  void refuse(int line, Problem problem) {
    Frame frame = frames.element();
    if (refused.isEmpty()) {
      int inFile = Math.max(1, line) + frame.firstLine - 1;
      refused =
          Optional.of(
              new Rendered.Refused(frame.file, inFile, problem.getMessage(), problem.remedy()));
    }
  }

  Rendered end(String text) {
    return refused.<Rendered>map(it -> it).orElseGet(() -> new Rendered.Text(text));
  }
}
