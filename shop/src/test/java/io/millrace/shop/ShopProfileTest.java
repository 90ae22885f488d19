package io.millrace.shop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import org.junit.jupiter.api.Test;

class ShopProfileTest {

  @Test
  void refusesAShareThatIsNone() {
    assertThatThrownBy(() -> ShopProfile.LIVE.dirty(0.1, -0.1, 0))
        .isInstanceOf(MillraceException.class)
        .hasMessage("Cannot simulate a shop: late is -0.1; from 0 to 1");
  }

  @Test
  void refusesAShopThatIsAllDirt() {
    assertThatThrownBy(() -> ShopProfile.LIVE.dirty(0.5, 0.5, 0))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot simulate a shop: repeated, late and malformed are 1.0 of its events; at most"
                + " 0.9");
  }
}
