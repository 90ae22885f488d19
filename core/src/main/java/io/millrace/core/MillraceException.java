package io.millrace.core;

/**
 * The one exception that crosses a module's front door. Its message reads {@code Cannot <verb>
 * <thing>: <reason or remedy>}, with values quoted, and its code says who must act.
 */
public final class MillraceException extends RuntimeException {

  /** Who must act for the call to succeed. */
  public enum Code {
    /** The request, file or argument is wrong; sending it again unchanged fails again. */
    CALLER,
    /** A disk, network, port or other process refused; the same call may succeed later. */
    WORLD,
    /** A bug in Millrace. */
    US,
    /** The call may or may not have taken effect; look before repeating it. */
    UNKNOWN
  }

  private final Code code;

  private MillraceException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public static MillraceException caller(String message) {
    return new MillraceException(Code.CALLER, message, null);
  }

  public static MillraceException caller(String message, Throwable cause) {
    return new MillraceException(Code.CALLER, message, cause);
  }

  public static MillraceException world(String message) {
    return new MillraceException(Code.WORLD, message, null);
  }

  public static MillraceException world(String message, Throwable cause) {
    return new MillraceException(Code.WORLD, message, cause);
  }

  public static MillraceException us(String message) {
    return new MillraceException(Code.US, message, null);
  }

  public static MillraceException us(String message, Throwable cause) {
    return new MillraceException(Code.US, message, cause);
  }

  public static MillraceException unknown(String message, Throwable cause) {
    return new MillraceException(Code.UNKNOWN, message, cause);
  }

  public Code code() {
    return code;
  }
}
