package io.millrace.event;

import io.millrace.project.Personal.Kept;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What is left of a value once it no longer tells who somebody is. */
final class Mask {

  private static final String NOTHING = "***";
  private static final int LEFT = 4;

  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

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
    if (IPV4.matcher(value).matches()) {
      return value.substring(0, value.lastIndexOf('.')) + ".0";
    }
    if (!mayBeIpv6(value)) {
      return NOTHING;
    }
    try {
      byte[] address = InetAddress.getByName(value).getAddress();
      return address.length == Integer.BYTES
          ? network(InetAddress.getByAddress(address).getHostAddress())
          : "%x:%x:%x::".formatted(group(address, 0), group(address, 1), group(address, 2));
    } catch (UnknownHostException e) {
      return NOTHING;
    }
  }

  /** What this lets through is never looked up by name. */
  private static boolean mayBeIpv6(String value) {
    return value.length() <= LONGEST_ADDRESS
        && value.indexOf(':') >= 0
        && value.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0);
  }

  private static int group(byte[] address, int index) {
    return ((address[2 * index] & 0xff) << 8) | (address[2 * index + 1] & 0xff);
  }
}
