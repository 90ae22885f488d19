/**
 * Jinja as dbt's projects use it: {@link io.millrace.jinja.JinjaTemplates} renders it with Jinjava,
 * extended where Python says more, and closed where Java would be reached.
 */
package io.millrace.jinja;
