package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void readsModulesLibrariesAndHeadings() {
    Architecture architecture =
        Architecture.of(
            TextFile.of(
                "ARCHITECTURE.md",
                """
                | module | may know |
                |---|---|
                | `core` | |
                | `lake` | `core`, `project` |

                | library | known by |
                |---|---|
                | `org.apache.iceberg` | `lake` |

                | path | what |
                |---|---|
                | `keys` | write keys |

                ### `core`: the shared language
                ### `lake`
                """));
    assertThat(architecture.headings()).containsExactly("core", "lake");
    assertThat(architecture.mayKnow()).containsOnlyKeys("core", "lake");
    assertThat(architecture.mayKnow().get("core")).isEmpty();
    assertThat(architecture.mayKnow().get("lake")).containsExactly("core", "project");
    assertThat(architecture.knownBy().get("org.apache.iceberg")).isEqualTo(Set.of("lake"));
  }

  @Test
  void readsWhatAPomAsksForOutsideTests() {
    Pom pom =
        Pom.of(
            TextFile.of(
                "pom.xml",
                """
                <project>
                  <modules><module>core</module><module>lake</module></modules>
                  <dependencyManagement><dependencies>
                    <dependency><groupId>io.millrace</groupId><artifactId>serve</artifactId></dependency>
                  </dependencies></dependencyManagement>
                  <dependencies>
                    <dependency><groupId>io.millrace</groupId><artifactId>core</artifactId></dependency>
                    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>
                    <dependency><groupId>io.millrace</groupId><artifactId>testkit</artifactId><scope>test</scope></dependency>
                  </dependencies>
                </project>
                """));
    assertThat(pom.modules()).containsExactly("core", "lake");
    assertThat(pom.knows()).containsExactly("core");
  }
}
