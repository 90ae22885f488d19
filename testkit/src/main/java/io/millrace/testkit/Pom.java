package io.millrace.testkit;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What a pom.xml says of Millrace's own modules.
 *
 * @param modules the modules it builds, in order
 * @param knows the modules its main code is compiled or run with
 */
public record Pom(List<String> modules, List<String> knows) {

  private static final String GROUP = "io.millrace";

  public static Pom of(Repository repository, Path file) {
    return of(repository.text(file));
  }

  static Pom of(TextFile file) {
    try {
      Element project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(file.text())))
              .getDocumentElement();
      List<String> modules = new ArrayList<>();
      for (Element module : all(project, "module")) {
        modules.add(module.getTextContent().strip());
      }
      List<String> knows = new ArrayList<>();
      for (Element dependency : all(project, "dependency")) {
        boolean managed =
            dependency.getParentNode().getParentNode().getNodeName().equals("dependencyManagement");
        boolean test = text(dependency, "scope").equals("test");
        if (!managed && !test && text(dependency, "groupId").equals(GROUP)) {
          knows.add(text(dependency, "artifactId"));
        }
      }
      return new Pom(List.copyOf(modules), List.copyOf(knows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("Cannot read " + file.path() + ": " + e.getMessage(), e);
    }
  }

  private static List<Element> all(Element parent, String name) {
    NodeList nodes = parent.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static String text(Element parent, String name) {
    List<Element> elements = all(parent, name);
    return elements.isEmpty() ? "" : elements.get(0).getTextContent().strip();
  }
}
