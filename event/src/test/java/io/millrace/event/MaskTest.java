package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Personal.Kept;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {

  @ParameterizedTest
  @CsvSource({
    "NOTHING, anything, ***",
    "NOTHING, '', ***",
    "NETWORK, 203.0.113.77, 203.0.113.0",
    "NETWORK, 2001:db8:1:2::7, 2001:db8:1::",
    "NETWORK, ::ffff:203.0.113.77, 203.0.113.0",
    "NETWORK, ::1, 0:0:0::",
    "NETWORK, 203.0.113.777, ***",
    "NETWORK, 203.0.113, ***",
    "NETWORK, 255.255.255.255, 255.255.255.0",
    "NETWORK, 203.0.113.256, ***",
    "NETWORK, 203.0.113.7.1, ***",
    "NETWORK, 203.0.113., ***",
    "NETWORK, 203..113.7, ***",
    "NETWORK, 0203.0.113.7, ***",
    "NETWORK, 3405803853, ***",
    "NETWORK, example.com, ***",
    "NETWORK, fe80::1%eth0, ***",
    "NETWORK, :::::, ***",
    "DOMAIN, ada@example.com, ***@example.com",
    "DOMAIN, '\"a@b\"@example.com', ***@example.com",
    "DOMAIN, ada, ***",
    "LAST_4, 4111111111111111, ***1111",
    "LAST_4, 12345678, ***",
    "LAST_4, 123456789, ***6789"
  })
  void leavesWhatManyShare(Kept kept, String value, String left) {
    assertThat(new Mask(kept).of(value)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource({"😀😀😀😀😀😀😀😀, ***", "😀😀😀😀😀😀😀😀😀, ***😀😀😀😀"})
  void countsCharactersAsPeopleDo(String value, String left) {
    assertThat(new Mask(Kept.LAST_4).of(value)).isEqualTo(left);
  }
}
