package io.millrace.testkit;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** What holds for every Java file, read with the parser of the JDK's own compiler. */
public final class JavaRules {

  private static final int MAX_FILE_LINES = 500;
  private static final int MAX_METHOD_LINES = 60;
  private static final int MAX_SQL_LINES = 6;

  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl|DTO|Dto|Processor)");
  private static final Pattern QUERY = Pattern.compile("(?is)\\s*(select|with)\\b.*\\bfrom\\b.*");

  private JavaRules() {}

  public static List<Finding> check(TextFile file) {
    List<Finding> findings = new ArrayList<>();
    int lines = file.lines().size();
    if (lines > MAX_FILE_LINES) {
      findings.add(
          file.finding(
              MAX_FILE_LINES,
              "has %d lines; split it, %d is the most".formatted(lines, MAX_FILE_LINES)));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, null, null, List.of(source(file)));
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new Scanner(file, unit, DocTrees.instance(task), findings).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return findings;
  }

  private static JavaFileObject source(TextFile file) {
    URI uri = URI.create("memory:///" + file.path());
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return file.text();
      }
    };
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {

    private final TextFile file;
    private final CompilationUnitTree unit;
    private final DocTrees comments;
    private final SourcePositions positions;
    private final List<Finding> findings;
    private final boolean test;
    private final boolean benchmark;

    Scanner(TextFile file, CompilationUnitTree unit, DocTrees trees, List<Finding> findings) {
      this.file = file;
      this.unit = unit;
      this.comments = trees;
      this.positions = trees.getSourcePositions();
      this.findings = findings;
      this.test = file.path().toString().contains("src/test/");
      this.benchmark = file.name().endsWith("Benchmark.java");
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      String name = type.getSimpleName().toString();
      if (EMPTY_NAME.matcher(name).matches()) {
        report(type, "'" + name + "' does not say what it is; name the thing");
      }
      boolean topLevel = getCurrentPath().getParentPath().getLeaf() == unit;
      if (topLevel && !test && comments.getDocComment(getCurrentPath()) == null) {
        report(type, "'" + name + "' has no first line; say what it is in a Javadoc comment");
      }
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      int length = endLine(method) - startLine(method) + 1;
      // A single statement of many lines is a list of data or a text, not a procedure.
      boolean hasSteps = method.getBody() != null && method.getBody().getStatements().size() > 1;
      if (length > MAX_METHOD_LINES && hasSteps) {
        report(
            method,
            "'%s' has %d lines; split it, %d is the most"
                .formatted(method.getName(), length, MAX_METHOD_LINES));
      }
      boolean annotatedAsTest =
          method.getModifiers().getAnnotations().stream().anyMatch(a -> isNamed(a, "Test"));
      if (annotatedAsTest && method.getName().toString().matches("test.*|should.*|.*_.*")) {
        report(method, "'" + method.getName() + "' is no sentence; say what holds, in camel case");
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
      if (isNamed(annotation, "Disabled")) {
        report(annotation, "a test is off; mend it or delete it");
      }
      return super.visitAnnotation(annotation, null);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree member, Void nothing) {
      if (test && !benchmark && member.toString().equals("Thread.sleep")) {
        report(member, "a test sleeps; wait for what it needs with Awaitility");
      }
      return super.visitMemberSelect(member, null);
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void nothing) {
      if (!test
          && literal.getValue() instanceof String text
          && text.lines().count() > MAX_SQL_LINES
          && QUERY.matcher(text).matches()) {
        report(
            literal, "a query of more than %d lines; make it a .sql file".formatted(MAX_SQL_LINES));
      }
      return super.visitLiteral(literal, null);
    }

    private static boolean isNamed(AnnotationTree annotation, String name) {
      String type = annotation.getAnnotationType().toString();
      return type.equals(name) || type.endsWith("." + name);
    }

    private void report(Tree tree, String advice) {
      findings.add(file.finding(startLine(tree), advice));
    }

    private int startLine(Tree tree) {
      return line(positions.getStartPosition(unit, tree));
    }

    private int endLine(Tree tree) {
      return line(positions.getEndPosition(unit, tree));
    }

    private int line(long position) {
      return (int) unit.getLineMap().getLineNumber(Math.max(position, 0));
    }
  }
}
