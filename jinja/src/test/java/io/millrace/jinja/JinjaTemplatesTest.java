package io.millrace.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.MacroFile;
import io.millrace.project.Templates.Macros;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Rendered;
import io.millrace.project.Templates.Source;
import io.millrace.project.Templates.Thing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What projects written for dbt say in Jinja. */
class JinjaTemplatesTest {

  private static final Path FILE = Path.of("models/x.sql");

  private static final String MACROS =
      """
      {% macro cents(column, digits=2, mark=')') -%}
      ({{ column }} / 100)::numeric(16, {{ digits }}{{ mark }}
      {%- endmacro %}
      {% macro pair() %}{{ return(['a', 'b']) }} never {{ boom() }}{% endmacro %}
      {% macro wrap(x) %}<{{ caller(x) }}>{% endmacro %}
      {% macro default__hello(name) %}hello {{ name }}{% endmacro %}
      {% macro hello(name) %}{{ return(adapter.dispatch('hello', 'house')(name)) }}{% endmacro %}
      {% macro all() %}{{ varargs | join('+') }} {{ kwargs }}{% endmacro %}
      {% macro forever(n) %}{{ forever(n) }}{% endmacro %}
      {% macro tree(n) %}{% if n > 0 %}{{ tree(n - 1) }}{{ tree(n - 1) }}{% endif %}{% endmacro %}
      {% macro bad() %}
        {{ nowhere(1) }}
      {% endmacro %}
      {% test positive(model, column_name) %}{{ model }}.{{ column_name }} > 0{% endtest %}
      {% materialization own, default %}{{ anything() }}{% endmaterialization %}
      """;

  /** Of which a template sees the name and nothing else. */
  private record Relation(String name) implements Thing {
    @Override
    public Object get(String part) {
      return part.equals("name") ? name : null;
    }

    @Override
    public String toString() {
      return "gold." + name;
    }
  }

  private final Macros macros =
      new JinjaTemplates(Map.of())
          .macros(List.of(new MacroFile("house", new Source(Path.of("macros/m.sql"), 1, MACROS))));

  private Rendered rendered(String template) {
    Thing adapter =
        name ->
            (Function) given -> macros.find("default__" + given.text(0, "macro_name")).orElse(null);
    Function boom =
        given -> {
          throw new Problem("it goes off", "run");
        };
    return macros.render(
        new Source(FILE, 1, template),
        Map.of(
            "adapter",
            adapter,
            "ref",
            (Function) given -> new Relation(given.text(0, "name")),
            "boom",
            boom,
            "target",
            Map.of("name", "prod", "type", "duckdb")));
  }

  private String text(String template) {
    assertThat(macros.flaws()).isEmpty();
    Rendered rendered = rendered(template);
    assertThat(rendered).isInstanceOf(Rendered.Text.class);
    return ((Rendered.Text) rendered).text();
  }

  private String refused(String template) {
    Rendered rendered = rendered(template);
    assertThat(rendered).isInstanceOf(Rendered.Refused.class);
    Rendered.Refused refused = (Rendered.Refused) rendered;
    return "%s:%d: %s; %s"
        .formatted(refused.file(), refused.line(), refused.what(), refused.remedy());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{{ 'abc'.upper() }} {{ 'A'.lower() }} => ABC a",
        "{{ 'a,b'.split(',')[1] }} {{ ' x '.strip() }} => b x",
        "{{ 'no'.startswith('n') }} {{ 'a_b'.replace('_', '-') }} => True a-b",
        "{{ '{} of {total}'.format(1, total=2) }} => 1 of 2",
        "{{ ', '.join(['a', 'b']) }} {{ 'ab c'.title() }} => a, b Ab C",
        "{{ {'a': 1, 'b': {'c': 2}}['b']['c'] }} => 2",
        "{{ [1, 2, 3][1:] }} {{ [1, 2][-1] }} {{ 'abc'[0] }} => [2, 3] 2 a",
        "{{ 1 + 1 }} {{ 7 // 2 }} {{ 7 / 2 }} {{ 'a' ~ 1 }} => 2 3 3.5 a1",
        "{{ true }} {{ none }} {{ [1, 'a', none] }} => True None [1, 'a', None]",
        "{{ 'yes' if target.type == 'duckdb' else 'no' }} => yes",
        "[{{ ',' if false }}] => []",
        "{{ x is defined }} {{ target.nothing is none }} {{ 'a' in ['a'] }} => False True True",
        "{{ [3, 1, 2] | sort | join('-') }} {{ 'a' | upper }} {{ [] | length }} => 1-2-3 A 0",
        "{{ [{'n': 1}, {'n': 2}] | map(attribute='n') | join('+') }} => 1+2",
        "{{ [1, 2, 3] | select('odd') | list }} {{ '5' | int + 1 }} => [1, 3] 6",
        "{{ {'b': 1, 'a': 2} | tojson }} {{ '[1]' | fromjson | first }} => {\"b\":1,\"a\":2} 1",
        "{{ '%s-%03d' | format('x', 7) }} {{ none | default('d') }} => x-007 d",
      })
  void evaluatesExpressions(String template, String text) {
    assertThat(text(template)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{% for n in [1, 2] %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %} => 1,2",
        "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %} => a1b2",
        "{% for k in {'a': 1} %}{{ k }}{% else %}none{% endfor %} => a",
        "{% for n in range(9) if n % 4 == 0 %}{{ n }}{% endfor %} => 048",
        "{% for n in [] %}{{ n }}{% else %}none{% endfor %} => none",
        "{% set a, b = ['x', 'y'] %}{{ b }}{{ a }} => yx",
        "{% set text %}a{{ 1 }}{% endset %}[{{ text }}] => [a1]",
        "{% set n = namespace(sum=0) %}{% for i in [1, 2] %}{% set n.sum = n.sum + i %}{% endfor %}{{ n.sum }} => 3",
        "{% set xs = [] %}{% do xs.append('q') %}{{ xs }} => ['q']",
        "{% if false %}a{% elif 1 < 2 %}b{% else %}c{% endif %} => b",
        "{% raw %}{{ x }}{% endraw %}{# )( #} => {{ x }}",
        "a {%- if true -%} b {%- endif -%} c => abc",
      })
  void followsTags(String template, String text) {
    assertThat(text(template)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{{ cents('x') }} {{ cents('y', digits=0) }} => (x / 100)::numeric(16, 2) (y / 100)::numeric(16, 0)",
        "{{ house.cents('x', mark='!') }} => (x / 100)::numeric(16, 2!",
        "{% for x in pair() %}{{ x }}{% endfor %} => ab",
        "{% call(y) wrap(3) %}{{ y * 2 }}{% endcall %} => <6>",
        "{{ hello('you') }} {{ adapter.dispatch('hello')('me') }} => hello you hello me",
        "{{ all(1, 2, a='b') }} => 1+2 {'a': 'b'}",
        "{% set xs = [1, 2] %}{% set m = {'a': 3} %}{{ all(0, *xs, **m) }} => 0+1+2 {'a': 3}",
        "{{ test_positive(ref('t'), column_name='n') }} => gold.t.n > 0",
        "{% macro here(x) %}[{{ x }}]{% endmacro %}{{ here(1) }} => [1]",
      })
  void callsMacros(String template, String text) {
    assertThat(text(template)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{{ nosuch }} => 'nosuch' is not known; set it, or take it out",
        "{{ nosuch(1) }} => macro 'nosuch' is not known; write it in a file of macros/, or correct its name",
        "{{ boom() }} => it goes off; run",
        "{{ 1 + }} => the expression cannot be read: 1 +: encountered '}'",
        "{% nonsense %} => tag 'nonsense' is not known; correct it",
        "{{ cents(colum='a') }} => macro 'cents' has no argument 'colum'; it has column, digits, mark",
        "{{ cents(1, 2, 3, 4) }} => macro 'cents' takes 3 arguments, but was given 4; take some out",
        "{{ 'a'.uper() }} => 'a' has no method 'uper'; there are capitalize, count,",
        "{% for a, b in [1] %}{% endfor %} => '1' is no list; use a list, a map or a text",
        "{{ ['x'][5] }} => there is no item 5 in a list of 1; count from 0",
        "{{ 'x' | random }} => 'random' cannot be used here; take it out",
        "{{ '%s' % 'x' }} => '%s' is no number; use ~ to join texts",
        "{% for i in [1] %} => the template cannot be rendered: Syntax error in '{% for i in [1] %}'",
      })
  void saysWhatIsWrong(String template, String sentence) {
    assertThat(refused("one line\n" + template)).contains("models/x.sql:2: " + sentence);
  }

  @Test
  void namesTheMacroInWhichSomethingIsWrong() {
    assertThat(refused("{{ bad() }}"))
        .isEqualTo(
            "macros/m.sql:12: macro 'nowhere' is not known; write it in a file of macros/, or correct its name");
  }

  @Test
  void tellsWhichMacrosThereAre() {
    assertThat(macros.names())
        .contains("cents", "house.cents", "test_positive")
        .doesNotContain("own");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{{ [].getClass() }}",
        "{{ ____int3rpr3t3r____ }}",
        "{{ ____int3rpr3t3r____.config }}",
        "{{ ____int3rpr3t3r____.getContext() }}",
        "{{ ____int3rpr3t3r____ | tojson }}",
        "{{ [____int3rpr3t3r____] | join }}",
        "{{ [____int3rpr3t3r____] | tojson }}",
        "{{ {'a': ____int3rpr3t3r____} }}",
        "{{ ref(____int3rpr3t3r____) }}",
        "{{ cents(____int3rpr3t3r____) }}",
        "{% for config, context in [____int3rpr3t3r____] %}{{ config }}{% endfor %}",
        "{% set x = ____int3rpr3t3r____ %}{{ x }}",
        "{{ ref('a').getClass() }}",
        "{{ ref.evaluate('a') }}",
        "{{ target.getClass() }}",
        "{% include 'file:///etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends '/etc/passwd' %}",
        "{{ fn:list(1) }}",
        "{{ type(1) }}",
        "{{ unixtimestamp() }}",
        "{{ 'x' | ipaddr }}",
        "{{ 'x' | pprint }}",
      })
  void nothingOfJavaIsReached(String template) {
    assertThat(rendered(template)).isInstanceOf(Rendered.Refused.class);
  }

  @Test
  void whatLooksLikeAPropertyOfJavaIsNothing() {
    assertThat(
            text("{{ ''.class is none }} {{ target.class is none }} {{ ref('a').class is none }}"))
        .isEqualTo("True True True");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ forever(1) }}",
        "{{ tree(40) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set n = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% do n.x.extend(n.x) %}{% endfor %}",
        "{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x.replace('a', 'aa') %}{% endfor %}",
        "{% for i in range(9999) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}",
        "{{ 'a' | indent(1000000000) }}",
        "{{ 'a'.zfill(1000000000) }}",
        "{{ range(1000000000) }}",
        "{{ range(-9223372036854775808, 9223372036854775807) }}",
        "{{ [1, 2] * 1000000000 }}",
        "{% set x = [] %}{% do x.append(x) %}{{ x }}",
      })
  void whatDoesNotEndIsEnded(String template) {
    assertThat(rendered(template)).isInstanceOf(Rendered.Refused.class);
  }

  @Test
  void anExpressionThatIsNestedTooDeeplyIsRefused() {
    assertThat(rendered("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}"))
        .isInstanceOf(Rendered.Refused.class);
  }

  @Test
  void whatIsMadeIsNotRenderedAgain() {
    assertThat(text("{{ '{{ 1 + 1 }}' }}")).isEqualTo("{{ 1 + 1 }}");
  }
}
