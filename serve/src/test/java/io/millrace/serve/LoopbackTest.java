package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"})
  void letsInLoopbackHosts(String host) {
    assertThat(Loopback.refusal(host, null)).isEmpty();
    assertThat(Loopback.refusal(host, "http://" + host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "localhost:8080@evil.example",
        "10.0.0.7:8080",
        ""
      })
  void refusesOtherHosts(String host) {
    assertThat(Loopback.refusal(host, null))
        .contains(
            "Cannot answer for host '%s': open http://localhost or http://127.0.0.1 with the port of the server"
                .formatted(host));
  }

  @ParameterizedTest
  @CsvSource({",", "none, document", "same-origin, empty", "cross-site, document"})
  void letsInItsOwnPagesAndLinks(String site, String destination) {
    assertThat(Loopback.refusalOf(site, destination)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"cross-site, image", "cross-site, iframe", "same-site, empty", "cross-site,"})
  void refusesWhatPagesOfOtherSitesLoad(String site, String destination) {
    assertThat(Loopback.refusalOf(site, destination)).isPresent();
  }

  @Test
  void refusesARequestWithoutHost() {
    assertThat(Loopback.refusal(null, null)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example",
    "null",
    "http://localhost:9999",
    "https://localhost:8080",
    "http://127.0.0.1:8080"
  })
  void refusesPagesOfOtherOrigins(String origin) {
    assertThat(Loopback.refusal("localhost:8080", origin))
        .contains(
            "Cannot answer a page of '%s': only pages of this server may use its API"
                .formatted(origin));
  }
}
