package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.millrace.testkit.Architecture;
import io.millrace.testkit.Repository;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the compiled modules to the arrows that ARCHITECTURE.md draws. */
class ArrowsTest {

  private static final String ROOT = "io.millrace.";

  private static Architecture architecture;
  private static JavaClasses classes;

  @BeforeAll
  static void readEveryModule() {
    architecture = Architecture.of(Repository.here());
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace");
  }

  @Test
  void everyModuleIsRead() {
    assertThat(classes.stream().map(type -> moduleOf(type.getPackageName())).distinct())
        .containsExactlyInAnyOrderElementsOf(architecture.mayKnow().keySet());
  }

  @Test
  void modulesKnowOnlyWhatTheyMay() {
    assertThat(
            violations(
                arrow -> {
                  String from = moduleOf(arrow.getOriginClass().getPackageName());
                  String to = moduleOf(arrow.getTargetClass().getPackageName());
                  return !from.equals(to) && !architecture.mayKnow().get(from).contains(to);
                },
                "%s knows %s: ARCHITECTURE.md has no such arrow"))
        .isEmpty();
  }

  @Test
  void modulesUseNothingBehindAFrontDoor() {
    assertThat(
            violations(
                arrow -> {
                  String from = moduleOf(arrow.getOriginClass().getPackageName());
                  String to = arrow.getTargetClass().getPackageName();
                  return !from.equals(moduleOf(to)) && !to.equals(ROOT + moduleOf(to));
                },
                "%s uses %s: only a module's root package is its front door"))
        .isEmpty();
  }

  @Test
  void librariesStayAtHome() {
    assertThat(
            classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> !mayUseLibrary(arrow))
                .map(Dependency::getDescription))
        .isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("io.millrace.(**)")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  private static boolean mayUseLibrary(Dependency arrow) {
    String used = arrow.getTargetClass().getName();
    String module = moduleOf(arrow.getOriginClass().getPackageName());
    for (Map.Entry<String, Set<String>> home : architecture.knownBy().entrySet()) {
      if (used.startsWith(home.getKey() + ".") && !home.getValue().contains(module)) {
        return false;
      }
    }
    return true;
  }

  private static Stream<String> violations(Predicate<Dependency> forbidden, String sentence) {
    return classes.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(ROOT))
        .filter(forbidden)
        .map(arrow -> sentence.formatted(place(arrow), arrow.getTargetClass().getName()));
  }

  private static String place(Dependency arrow) {
    JavaClass origin = arrow.getOriginClass();
    return origin.getName() + " " + arrow.getSourceCodeLocation();
  }

  private static String moduleOf(String packageName) {
    String rest = packageName.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
