/** HTTP on the loopback interface: the server, the API and the console. */
package io.millrace.serve;
