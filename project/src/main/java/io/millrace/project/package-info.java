/** Reads a project directory into definitions, and says everything that is wrong with it. */
package io.millrace.project;
