/** What tests of every module share: golden files, a broker, the arrows and the tidiness rules. */
package io.millrace.testkit;
