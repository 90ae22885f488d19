// The result of a query: how it is fetched, and how its rows are shown.

import { h } from './dom.js';
import { authorized } from './server.js';

const NUMERIC = /^(tinyint|smallint|integer|int|bigint|hugeint|long|u\w*int|float|double|decimal)/i;

/** Reads a response line by line as it arrives. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      break;
    }
    const parts = (rest + value).split('\n');
    rest = parts.pop();
    yield* parts;
  }
  if (rest) {
    yield rest;
  }
}

/** Keeps the digits of numbers that JavaScript would round. */
export function exact(key, value, context) {
  return typeof value === 'number' && context?.source && String(value) !== context.source
    ? context.source
    : value;
}

/**
 * Runs a SELECT and reads all of its answer.
 *
 * @param question {sql, as_of, limit}, as POST /api/query takes it
 */
export async function fetchResult(question, signal) {
  const response = await fetch('/api/query', {
    method: 'POST',
    headers: authorized({ 'Content-Type': 'application/json' }),
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
  const fetched = { columns: [], rows: [], end: null };
  for await (const line of lines(response)) {
    const value = JSON.parse(line, exact);
    if (Array.isArray(value)) {
      fetched.rows.push(value);
    } else if (value.columns) {
      fetched.columns = value.columns;
    } else if (value.error) {
      throw new Error(value.error);
    } else {
      fetched.end = value;
    }
  }
  if (!fetched.end) {
    throw new Error('The connection ended before the result did; run it again.');
  }
  return fetched;
}

export function isNumber(column) {
  return NUMERIC.test(column.type);
}

export function headerCells(columns) {
  return columns.map((column) =>
    h(
      'th',
      { scope: 'col', class: isNumber(column) ? 'number' : '' },
      column.name,
      h('small', {}, column.type.toLowerCase()),
    ),
  );
}

export function bodyRows(columns, rows) {
  const numeric = columns.map(isNumber);
  return rows.map((row) => h('tr', {}, ...row.map((value, index) => cell(value, numeric[index]))));
}

function cell(value, numeric) {
  if (value === null) {
    return h('td', { class: 'null' }, 'null');
  }
  return h('td', { class: numeric ? 'number' : '' }, text(value));
}

export function text(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
