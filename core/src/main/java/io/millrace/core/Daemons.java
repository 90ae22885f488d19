package io.millrace.core;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Threads that do work of their own and keep no process alive. Each has a name, for its dumps. */
public final class Daemons {

  private Daemons() {}

  /** A thread that has not been started. */
  public static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** One thread for what is done later, or again and again. */
  public static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(work -> thread(name, work));
  }
}
