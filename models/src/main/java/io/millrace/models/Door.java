package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.project.InputMode;
import io.millrace.project.Model;
import io.millrace.project.Project;
import java.util.SortedSet;

/**
 * One input of a model, as its SQL names it, and the tables that are behind it.
 *
 * @param input a table, or a view
 * @param mode what is seen through it; a view of several tables is seen whole, because a row of one
 *     of them says nothing about the time of the rows it becomes part of
 * @param tables the input itself, or the tables that the view reads
 */
record Door(TableName input, InputMode mode, SortedSet<TableName> tables) {

  static Door of(Project project, Model model, TableName input) {
    SortedSet<TableName> tables = project.tablesBehind(input);
    InputMode mode = project.mode(model, input);
    boolean whole = mode == InputMode.INTERVAL && tables.size() > 1;
    return new Door(input, whole ? InputMode.WHOLE : mode, tables);
  }
}
