package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DuckDbSqlReader;
import io.millrace.jinja.JinjaTemplates;
import io.millrace.project.Problem;
import io.millrace.project.ProjectReader;
import io.millrace.project.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of mistakes in projects written for dbt. */
class DbtMistakesTest {

  @TempDir Path folder;

  @BeforeEach
  void writeAProject() throws IOException {
    write("dbt_project.yml", "name: shop\n");
    write("seeds/raw_orders.csv", "id,amount\n1,2\n");
    write("models/orders.sql", "select id, amount from {{ ref('raw_orders') }}\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private List<String> mistakes() {
    Map<String, String> environment =
        Map.of("DBT_ENV_SECRET_KEY", "s", "AWS_KEY", "k", "DBT_A", "a");
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Reading reading = ProjectReader.read(folder, sql, new JinjaTemplates(environment));
      return reading instanceof Reading.Flawed flawed
          ? flawed.problems().stream().map(Problem::toString).toList()
          : List.of();
    }
  }

  @Test
  void aProjectWithoutMistakesHasNone() {
    assertThat(mistakes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{{ ref('raw_order') }} => ref('raw_order') names no model, seed or snapshot; did you mean 'raw_orders'?",
        "{{ source('a', 'b') }} => source('a', 'b') is not declared;",
        "{{ var('day') }} => variable 'day' is not known; give it under vars: in dbt_project.yml",
        "{{ env_var('AWS_KEY') }} => environment variable 'AWS_KEY' is not to be had;",
        "{{ env_var('DBT_ENV_SECRET_KEY') }} => environment variable 'DBT_ENV_SECRET_KEY' is not to be had;",
        "{{ doc('x') }} => doc('x') is not known;",
        "{{ run_query('select 1') }} => 'run_query': the warehouse is asked while the template is rendered",
        "{% call statement('x') %}select 1{% endcall %} => 'statement': the warehouse is asked",
        "{{ adapter.get_columns_in_relation(this) }} => 'adapter.get_columns_in_relation': the warehouse is asked",
        "{{ adapter.dispatch('f')() }} => no macro is there for adapter.dispatch('f'); write duckdb__f or default__f in macros/",
        "{{ dbt_utils.star(this) }} => macro 'dbt_utils.star' is not known; put the package into dbt_packages/",
        "{{ exceptions.raise_compiler_error('not so') }} => not so; the project says so",
      })
  void namesFileAndLineOfATemplate(String expression, String sentence) throws IOException {
    write("models/sales.sql", "select *\nfrom " + expression + "\n");

    assertThat(mistakes()).singleElement().asString().startsWith("models/sales.sql:2: " + sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "materialized='tabel' => materialization 'tabel' is not known; did you mean 'table'?",
        "materialized='incremental', incremental_strategy='insert_overwrite' => strategy 'insert_overwrite' is not known; use one of append,",
        "post_hook='grant select' => key 'post_hook' is not supported; take it out; a model is one SELECT",
      })
  void namesFileAndLineOfAConfig(String config, String sentence) throws IOException {
    write("models/sales.sql", "-- Sales.\n{{ config(" + config + ") }}\nselect 1 as n\n");

    assertThat(mistakes())
        .singleElement()
        .asString()
        .startsWith("models/sales.sql:2: ")
        .contains(sentence);
  }

  @Test
  void findsMistakesOfSqlInTheTemplate() throws IOException {
    write(
        "models/sales.sql",
        """
        {% for n in [1, 2, 3] %}
        -- {{ n }}
        {% endfor %}
        select id
        fro {{ ref('orders') }}
        where id in (1, 2)
        """);

    assertThat(mistakes())
        .singleElement()
        .asString()
        .startsWith("models/sales.sql: ")
        .contains("in line 9 of what the template makes: fro gold.orders");

    write("models/sales.sql", "{% if true %}\n\n{% endif %}\nselect id from gold.nowhere\n");

    assertThat(mistakes())
        .singleElement()
        .asString()
        .startsWith("models/sales.sql:4: table 'gold.nowhere' is not known");
  }

  @Test
  void namesWhatPropertiesFilesNameInVain() throws IOException {
    write(
        "models/schema.yml",
        """
        models:
          - name: order
          - name: orders
            columns:
              - name: id
                data_tests:
                  - positiv
                  - other.positive
        """);
    write("macros/t.sql", "{% test positive(model, column_name) %}select 1{% endtest %}");

    assertThat(mistakes())
        .containsExactly(
            "models/schema.yml:2: 'order' names no model; did you mean 'orders'?",
            "models/schema.yml:7: test 'positiv' is not known; did you mean 'positive'?",
            "models/schema.yml:8: test 'other.positive' is not known; put its package into dbt_packages/, as dbt deps does, or write the test as a macro");
  }

  @Test
  void refusesWhatIsNotRun() throws IOException {
    write("models/learn.py", "def model(dbt, session): pass\n");
    write("snapshots/seen.sql", "{% snapshot seen %}select 1 as id{% endsnapshot %}");

    assertThat(mistakes())
        .containsExactly(
            "models/learn.py: a model in Python is not run; write it as SQL",
            "snapshots/seen.sql:1: the snapshot has no unique_key; write which columns name a row",
            "snapshots/seen.sql:1: strategy '' is not known; write timestamp or check");
  }

  @Test
  void tablesOfOneNameCollide() throws IOException {
    write("models/b/sales.sql", "{{ config(alias='orders') }}select 1 as n");

    assertThat(mistakes())
        .singleElement()
        .asString()
        .endsWith(
            "is made by models/b/sales.sql too; give one of them an alias, or schema silver or gold");
  }
}
