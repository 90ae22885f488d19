package io.millrace.lake;

import java.sql.Connection;
import java.sql.SQLException;

/** A transaction of a connection that otherwise commits by itself: rolled back unless committed. */
final class Transaction implements AutoCloseable {

  private final Connection connection;

  Transaction(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }
}
