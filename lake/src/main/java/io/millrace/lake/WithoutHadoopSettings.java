package io.millrace.lake;

import java.net.URL;

/**
 * Hides the files of Hadoop's settings. Iceberg makes Hadoop's configuration for each Parquet file,
 * which looks for these files by the thread's class loader and reads a thousand settings from XML;
 * none is for us.
 */
final class WithoutHadoopSettings extends ClassLoader {

  private static final WithoutHadoopSettings LOADER =
      new WithoutHadoopSettings(WithoutHadoopSettings.class.getClassLoader());

  private WithoutHadoopSettings(ClassLoader parent) {
    super(parent);
  }

  /** What is done while they are hidden. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  static <T, E extends Exception> T run(Work<T, E> work) throws E {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(LOADER);
    try {
      return work.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public URL getResource(String name) {
    boolean settings = name.endsWith("-default.xml") || name.endsWith("-site.xml");
    return settings ? null : super.getResource(name);
  }
}
