{% macro euros(column, digits=2) -%}
    cast({{ column }} / 100 as decimal(12, {{ digits }}))
{%- endmacro %}

{% macro over_all(columns) -%}
    {%- for column in columns -%}{{ caller(column) }}{%- endfor -%}
{%- endmacro %}
