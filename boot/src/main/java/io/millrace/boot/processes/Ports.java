package io.millrace.boot.processes;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Hands out ports of the loopback interface that nobody listens on, each once. */
public final class Ports {

  /** The console's port unless it is taken. */
  static final int USUAL = 7070;

  private static final int HIGHEST = 65_535;

  /*
   * Below the range from which systems take the ports of outgoing connections: there, a client that
   * keeps trying a broker that is being restarted could be given the broker's own port.
   */
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  private final RandomGenerator random;
  private final Set<Integer> given = new HashSet<>();

  public Ports(RandomGenerator random) {
    this.random = random;
  }

  /** A port that is free and was not handed out before. */
  public int any() {
    int start = random.nextInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + (start + i) % COUNT;
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw MillraceException.world("Cannot start: no port from 20000 to 32000 is free");
  }

  /** The port of the server: the one asked for, else the usual one, else any. */
  int server(Optional<Integer> wish) {
    if (wish.isPresent() && (wish.get() < 1 || wish.get() > HIGHEST)) {
      throw MillraceException.caller(
          "Cannot listen on port %d: ports are from 1 to %d".formatted(wish.get(), HIGHEST));
    }
    if (wish.isPresent() && !isFree(wish.get())) {
      throw MillraceException.world(
          "Cannot listen on port %d: another program does; choose another one with --port"
              .formatted(wish.get()));
    }
    return wish.orElseGet(() -> isFree(USUAL) ? USUAL : any());
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
