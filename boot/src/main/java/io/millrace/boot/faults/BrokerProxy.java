package io.millrace.boot.faults;

import io.millrace.core.Daemons;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/** Stands between the broker and its clients, and is as bad a network as it is told to be. */
final class BrokerProxy implements AutoCloseable {

  /** How it treats what comes. */
  enum Mode {
    PASS,
    /** Each packet waits. */
    SLOW,
    /** Takes packets and hands none on, until another mode. */
    STALL,
    /** Takes no connections, and ends those there are. */
    REFUSE
  }

  private static final long SLOW_MS = 250;
  private static final int BACKLOG = 50;

  private final int port;
  private final int target;
  private final Set<Socket> sockets = new HashSet<>();
  private ServerSocket listener;
  private volatile Thread acceptor;
  private Mode mode = Mode.PASS;

  private BrokerProxy(int port, int target) {
    this.port = port;
    this.target = target;
  }

  static BrokerProxy start(int port, int target) {
    BrokerProxy proxy = new BrokerProxy(port, target);
    proxy.listen();
    return proxy;
  }

  void become(Mode next) {
    synchronized (this) {
      Mode before = mode;
      mode = next;
      notifyAll();
      if (next == Mode.REFUSE) {
        close(listener);
        reset();
      } else if (before == Mode.REFUSE) {
        listen();
      }
    }
    if (next == Mode.REFUSE) {
      awaitDeaf();
    }
  }

  /** The system takes connections until the thread that waits for one has let go of the socket. */
  private void awaitDeaf() {
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends every connection the hard way. */
  synchronized void reset() {
    // All before the first is closed: who reads from that one closes the other half.
    sockets.forEach(BrokerProxy::harden);
    sockets.forEach(BrokerProxy::close);
    sockets.clear();
  }

  private synchronized void listen() {
    try {
      ServerSocket next = new ServerSocket();
      next.setReuseAddress(true);
      next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      listener = next;
      acceptor = Daemons.thread("broker-proxy", () -> accept(next));
      acceptor.start();
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot stand before the broker on port %d: %s".formatted(port, e.getMessage()), e);
    }
  }

  private void accept(ServerSocket from) {
    while (true) {
      try {
        Socket client = from.accept();
        connect(client);
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Makes both halves of a connection in one step, so that no reset comes between them. */
  private synchronized void connect(Socket client) {
    if (mode == Mode.REFUSE) {
      close(client);
      return;
    }
    Socket broker = new Socket();
    try {
      broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
    } catch (IOException e) {
      close(client);
      close(broker);
      return;
    }
    sockets.add(client);
    sockets.add(broker);
    Daemons.thread("to-broker", () -> pump(client, broker)).start();
    Daemons.thread("from-broker", () -> pump(broker, client)).start();
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        treat();
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // Either side ended it; the other one is told by the end of its connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        sockets.remove(from);
        sockets.remove(to);
      }
    }
  }

  private void treat() throws InterruptedException {
    Mode now;
    synchronized (this) {
      while (mode == Mode.STALL) {
        wait();
      }
      now = mode;
    }
    if (now == Mode.SLOW) {
      Thread.sleep(SLOW_MS);
    }
  }

  @Override
  public void close() {
    become(Mode.REFUSE);
  }

  private static void harden(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
  }

  private static void close(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      // What cannot be closed is closed.
    }
  }
}
