package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class WithoutHadoopSettingsTest {

  @Test
  void aConfigurationMadeMeanwhileHasNoSettings() {
    assertThat(new Configuration().size()).isPositive();
    assertThat(WithoutHadoopSettings.run(() -> new Configuration().size())).isZero();
    assertThat(new Configuration().size()).isPositive();
  }

  @Test
  void theThreadHasItsClassLoaderBackAfterAFailure() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    assertThatThrownBy(
            () ->
                WithoutHadoopSettings.run(
                    () -> {
                      throw new IOException("no space");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }
}
