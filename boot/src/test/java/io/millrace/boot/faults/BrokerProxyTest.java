package io.millrace.boot.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.boot.faults.BrokerProxy.Mode;
import io.millrace.boot.processes.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerProxyTest {

  private static final int SOON_MS = 200;
  private static final int LATE_MS = 20_000;

  private ServerSocket broker;
  private BrokerProxy proxy;
  private int port;

  @BeforeEach
  void start() throws IOException {
    broker = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    port = new Ports(new Random()).any();
    proxy = BrokerProxy.start(port, broker.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    broker.close();
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setSoTimeout(LATE_MS);
    return client;
  }

  @Test
  void handsOnBothWays() throws IOException {
    try (Socket client = connect();
        Socket server = broker.accept()) {
      client.getOutputStream().write(7);
      assertThat(server.getInputStream().read()).isEqualTo(7);
      server.getOutputStream().write(8);
      assertThat(client.getInputStream().read()).isEqualTo(8);
    }
  }

  @Test
  void whatStallsIsNotLost() throws IOException {
    try (Socket client = connect();
        Socket server = broker.accept()) {
      proxy.become(Mode.STALL);
      client.getOutputStream().write(7);
      server.setSoTimeout(SOON_MS);
      assertThatThrownBy(() -> server.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      proxy.become(Mode.PASS);

      server.setSoTimeout(LATE_MS);
      assertThat(server.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void aResetEndsConnectionsAndTakesNewOnes() throws IOException {
    try (Socket client = connect();
        Socket server = broker.accept()) {
      proxy.reset();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(server.isClosed()).isFalse();
    }
    handsOnBothWays();
  }

  @Test
  void whoRefusesTakesNoConnectionUntilItPasses() throws IOException {
    proxy.become(Mode.REFUSE);
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

    proxy.become(Mode.PASS);

    handsOnBothWays();
  }
}
