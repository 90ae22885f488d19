{#- Macros that dbt's projects call without writing them, in DuckDB's SQL. -#}

{%- macro snapshot_id(key, updated) -%}
md5({% for column in key %}coalesce(CAST({{ column }} AS VARCHAR), '') || '|' || {% endfor %}coalesce(CAST({{ updated }} AS VARCHAR), ''))
{%- endmacro -%}

{%- macro snapshot_same(one, other, key) -%}
{% for column in key %}{{ one }}.{{ column }} = {{ other }}.{{ column }}{% if not loop.last %} AND {% endif %}{% endfor %}
{%- endmacro -%}

{%- macro type_string() -%}VARCHAR{%- endmacro -%}
{%- macro type_int() -%}INTEGER{%- endmacro -%}
{%- macro type_bigint() -%}BIGINT{%- endmacro -%}
{%- macro type_float() -%}DOUBLE{%- endmacro -%}
{%- macro type_numeric() -%}DECIMAL(28, 6){%- endmacro -%}
{%- macro type_boolean() -%}BOOLEAN{%- endmacro -%}
{%- macro type_timestamp() -%}TIMESTAMP{%- endmacro -%}

{%- macro current_timestamp() -%}now(){%- endmacro -%}
{%- macro date_trunc(datepart, date) -%}date_trunc('{{ datepart }}', {{ date }}){%- endmacro -%}
{%- macro dateadd(datepart, interval, from_date_or_timestamp) -%}
({{ from_date_or_timestamp }} + to_{{ datepart }}s({{ interval }}))
{%- endmacro -%}
{%- macro datediff(first_date, second_date, datepart) -%}
date_diff('{{ datepart }}', {{ first_date }}::TIMESTAMP, {{ second_date }}::TIMESTAMP)
{%- endmacro -%}
{%- macro last_day(date, datepart) -%}
CAST(date_trunc('{{ datepart }}', {{ date }}) + to_{{ datepart }}s(1) - to_days(1) AS DATE)
{%- endmacro -%}

{%- macro concat(fields) -%}{{ fields | join(' || ') }}{%- endmacro -%}
{%- macro hash(field) -%}md5(CAST({{ field }} AS VARCHAR)){%- endmacro -%}
{%- macro length(expression) -%}length({{ expression }}){%- endmacro -%}
{%- macro right(string_text, length_expression) -%}right({{ string_text }}, {{ length_expression }}){%- endmacro -%}
{%- macro replace(field, old_chars, new_chars) -%}replace({{ field }}, {{ old_chars }}, {{ new_chars }}){%- endmacro -%}
{%- macro split_part(string_text, delimiter_text, part_number) -%}
split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro -%}
{%- macro position(substring_text, string_text) -%}strpos({{ string_text }}, {{ substring_text }}){%- endmacro -%}
{%- macro string_literal(value) -%}'{{ value }}'{%- endmacro -%}
{%- macro escape_single_quotes(expression) -%}{{ expression | replace("'", "''") }}{%- endmacro -%}
{%- macro cast(field, type) -%}CAST({{ field }} AS {{ type }}){%- endmacro -%}
{%- macro safe_cast(field, type) -%}TRY_CAST({{ field }} AS {{ type }}){%- endmacro -%}
{%- macro cast_bool_to_text(field) -%}CAST({{ field }} AS VARCHAR){%- endmacro -%}
{%- macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
string_agg({{ measure }}, {{ delimiter_text }}{% if order_by_clause %} {{ order_by_clause }}{% endif %})
{%- endmacro -%}
{%- macro bool_or(expression) -%}bool_or({{ expression }}){%- endmacro -%}
{%- macro any_value(expression) -%}any_value({{ expression }}){%- endmacro -%}
{%- macro except() -%}EXCEPT{%- endmacro -%}
{%- macro intersect() -%}INTERSECT{%- endmacro -%}

{%- macro should_store_failures() -%}{{ return(false) }}{%- endmacro -%}

{#- What dbt_utils asks the warehouse for, as far as DuckDB's SQL needs no asking. -#}

{%- macro date_spine(datepart, start_date, end_date) -%}
SELECT unnest(range(CAST({{ start_date }} AS TIMESTAMP), CAST({{ end_date }} AS TIMESTAMP), to_{{ datepart }}s(1))) AS date_{{ datepart }}
{%- endmacro -%}
{%- macro duckdb__date_spine(datepart, start_date, end_date) -%}
{{ date_spine(datepart, start_date, end_date) }}
{%- endmacro -%}

{%- macro duckdb__star(from, relation_alias=False, except=[], prefix='', suffix='', quote_identifiers=True, unquote_aliases=False, rename={}) -%}
{%- if prefix or suffix -%}
{{ exceptions.raise_compiler_error('star with a prefix or a suffix has to ask the warehouse for columns') }}
{%- endif -%}
{%- if relation_alias %}{{ relation_alias }}.{% endif %}*{% if except %} EXCLUDE ({{ except | join(', ') }}){% endif %}
{%- if rename %} RENAME ({% for old, new in rename.items() %}{{ old }} AS {{ new }}{{ ', ' if not loop.last }}{% endfor %}){% endif %}
{%- endmacro -%}

{%- macro duckdb__union_relations(relations, column_override=none, include=[], exclude=[], source_column_name='_dbt_source_relation', where=none) -%}
{%- for relation in relations %}
SELECT {% if source_column_name %}'{{ relation }}' AS {{ source_column_name }}, {% endif %}
{%- if include %}{{ include | join(', ') }}{% else %}*{% if exclude %} EXCLUDE ({{ exclude | join(', ') }}){% endif %}{% endif %}
FROM {{ relation }}{% if where %} WHERE {{ where }}{% endif %}
{%- if not loop.last %}
UNION ALL BY NAME
{%- endif %}
{%- endfor %}
{%- endmacro -%}
