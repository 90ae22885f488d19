package io.millrace.core;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/**
 * The main class of every process that {@code up} starts: it runs another main class and ends the
 * process when standard input ends. The other end of that pipe is held by {@code up}, so no process
 * outlives it, however it died. Nor does one outlive a {@linkplain MemoryFaults fault of memory}.
 *
 * <p>Usage: {@code Leash <port of /metrics, or 0> <main class> <arguments>...}
 */
public final class Leash {

  /** How long shutdown hooks may take before the process is cut off. */
  private static final long HOOKS_LIMIT_MS = 8_000;

  private static final Meters METERS = new Meters();

  private Leash() {}

  /** The meters of this process. */
  public static Meters meters() {
    return METERS;
  }

  public static void main(String[] args) throws Exception {
    Daemons.thread("leash", Leash::endWithStandardInput).start();
    leaveInterruptsToTheParent();
    System.setErr(new MemoryFaults(System.err));
    int port = Integer.parseInt(args[0]);
    if (port != 0) {
      MetricsEndpoint.start(port, METERS);
    }
    try {
      Class.forName(args[1])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      // Threads that the failed main left behind would keep a process alive that does nothing.
      e.getCause().printStackTrace();
      System.exit(1);
    }
  }

  private static void endWithStandardInput() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said over this pipe; only its end means something.
      }
    } catch (IOException e) {
      // A pipe that cannot be read has ended.
    }
    Daemons.thread("leash-limit", Leash::haltLater).start();
    System.exit(0);
  }

  private static void haltLater() {
    try {
      Thread.sleep(HOOKS_LIMIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  /**
   * Ctrl-C at a terminal reaches every process of its group at once, but {@code up} stops them in
   * order. The JDK has no supported way to say so, and javac refuses to compile this one unless it
   * is spelt by reflection.
   */
  private static void leaveInterruptsToTheParent() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ignore =
          Proxy.newProxyInstance(
              Leash.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, given) -> null);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ignore);
    } catch (ReflectiveOperationException e) {
      // A JVM without it ends on Ctrl-C by itself: less orderly, and nothing is lost by it.
    }
  }
}
