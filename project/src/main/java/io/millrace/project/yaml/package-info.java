/**
 * YAML against a description of its keys. One description reads files, reports what is wrong with
 * line numbers, and yields the JSON Schema and the reference page. Knows nothing of projects.
 */
package io.millrace.project.yaml;
