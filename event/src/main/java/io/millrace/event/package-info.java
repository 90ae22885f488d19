/** An event against its contract: from bytes to a typed row or a reason. One truth for all. */
package io.millrace.event;
