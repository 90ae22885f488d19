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

  /** The longest network of an IPv4 address. */
  private static final int LONGEST_NETWORK = 13;

  private final Kept kept;
  private final byte[] network = new byte[LONGEST_NETWORK];

  Mask(Kept kept) {
    this.kept = kept;
  }

  void apply(EventRow row, int position) {
    int ipv4 =
        kept == Kept.NETWORK
            ? ipv4Network(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position))
            : 0;
    if (ipv4 > 0) {
      // Most addresses of a stream are such, and each of its events has one.
      System.arraycopy(row.bytesAt(position), row.offsetAt(position), network, 0, ipv4);
      network[ipv4] = '0';
      row.replace(position, network, ipv4 + 1);
      return;
    }
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

  /** How long the first three numbers of an IPv4 address are, with their dots; 0 if it is none. */
  private static int ipv4Network(byte[] text, int offset, int length) {
    int end = offset + length;
    int at = offset;
    int upToDot = 0;
    for (int number = 1; number <= 4; number++) {
      int first = at;
      int value = 0;
      while (at < end && at < first + 3 && text[at] >= '0' && text[at] <= '9') {
        value = 10 * value + text[at++] - '0';
      }
      boolean isLast = number == 4;
      if (at == first || value > 255 || (isLast ? at < end : at == end || text[at++] != '.')) {
        return 0;
      }
      upToDot = isLast ? upToDot : at - offset;
    }
    return upToDot;
  }

  private static String network(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    int ipv4 = ipv4Network(text, 0, text.length);
    if (ipv4 > 0) {
      return value.substring(0, ipv4) + "0";
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
