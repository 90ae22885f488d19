/** The seeded shop: people, visits and orders as events, with the truth about every one of them. */
package io.millrace.shop;
