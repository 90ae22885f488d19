{% macro kind(column) -%}
    {{ return(adapter.dispatch('kind', 'tea_house')(column)) }}
{%- endmacro %}

{% macro default__kind(column) -%}
    {{ exceptions.raise_compiler_error('no kind for ' ~ target.type) }}
{%- endmacro %}

{% macro duckdb__kind(column) -%}
    case when coalesce({{ column }}, 0) = 0 then 'new' else 'known' end
{%- endmacro %}

{% macro known_kinds() %}
    {{ return(['new', 'known']) }}
{% endmacro %}

{% macro test_at_least_one(model) %}
select 1 from (select count(*) as found from {{ model }}) where found = 0
{% endmacro %}
