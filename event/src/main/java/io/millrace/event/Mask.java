package io.millrace.event;

import io.millrace.project.Personal.Kept;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** What is left of a value once it no longer tells who somebody is. */
final class Mask {

  private static final String NOTHING = "***";
  private static final int LEFT = 4;

  /** The longest text of an IPv6 address, with an IPv4 address at its end. */
  private static final int LONGEST_ADDRESS = 45;

  private final Kept kept;

  Mask(Kept kept) {
    this.kept = kept;
  }

  void apply(EventRow row, int position) {
    String value =
        new String(
            row.bytesAt(position),
            row.offsetAt(position),
            row.lengthAt(position),
            StandardCharsets.UTF_8);
    byte[] masked = of(value).getBytes(StandardCharsets.UTF_8);
    row.replace(position, masked, masked.length);
  }

  String of(String value) {
    return switch (kept) {
      case NOTHING -> NOTHING;
      case NETWORK -> network(value);
      case DOMAIN -> {
        int at = value.lastIndexOf('@');
        yield at < 0 ? NOTHING : NOTHING + value.substring(at);
      }
      case LAST_4 -> {
        int length = value.codePointCount(0, value.length());
        yield length <= 2 * LEFT
            ? NOTHING
            : NOTHING + value.substring(value.offsetByCodePoints(0, length - LEFT));
      }
    };
  }

  private static String network(String value) {
    if (!isAddress(value)) {
      return NOTHING;
    }
    try {
      byte[] address = InetAddress.getByName(value).getAddress();
      return address.length == Integer.BYTES
          ? "%d.%d.%d.0".formatted(address[0] & 0xff, address[1] & 0xff, address[2] & 0xff)
          : "%x:%x:%x::".formatted(group(address, 0), group(address, 1), group(address, 2));
    } catch (UnknownHostException e) {
      return NOTHING;
    }
  }

  /** What this lets through is never looked up by name: that needs letters or an odd number. */
  private static boolean isAddress(String value) {
    if (value.length() > LONGEST_ADDRESS) {
      return false;
    }
    boolean colon = value.indexOf(':') >= 0;
    return colon
        ? value.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0)
        : value.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  private static int group(byte[] address, int index) {
    return ((address[2 * index] & 0xff) << 8) | (address[2 * index + 1] & 0xff);
  }
}
