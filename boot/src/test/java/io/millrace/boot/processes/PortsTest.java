package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

  private final Ports ports = new Ports(new Random(1));

  @Test
  void givesEachPortOnceFromBelowThoseOfOutgoingConnections() {
    int one = ports.any();
    int other = ports.any();

    assertThat(one).isNotEqualTo(other);
    assertThat(List.of(one, other)).allMatch(it -> it >= 20_000 && it < 32_000);
  }

  @Test
  void saysThatTheWishedPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> ports.server(Optional.of(port)))
          .hasMessage(
              "Cannot listen on port %d: another program does; choose another one with --port"
                  .formatted(port));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void refusesWhatIsNoPort(int port) {
    assertThatThrownBy(() -> ports.server(Optional.of(port)))
        .hasMessage("Cannot listen on port %d: ports are from 1 to 65535".formatted(port));
  }
}
