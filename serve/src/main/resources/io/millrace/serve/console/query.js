// The SQL box: runs a statement, shows its rows as they arrive, and hands them over as CSV.

import { byId, h, setText } from './dom.js';
import { rows as rowsOf } from './format.js';
import { bodyRows, fetchResult, headerCells, isNumber, text } from './result.js';
import { keepKey } from './server.js';

const FETCHED_AT_MOST = 10000;
const SHOWN_AT_MOST = 500;

let running = null;
let result = { columns: [], rows: [] };

/** Puts a statement into the box, ready to run. */
export function putStatement(sql) {
  const box = byId('statement');
  box.value = sql;
  box.scrollIntoView({ block: 'center' });
  box.focus();
}

/** Offers the project's gold models as examples. */
export async function offerExamples(get) {
  let models;
  try {
    models = await get('/api/models');
  } catch {
    setTimeout(() => offerExamples(get), 2000);
    return;
  }
  const gold = models.filter((model) => model.name.startsWith('gold.'));
  byId('examples').replaceChildren(
    ...gold.map((model) =>
      h(
        'button',
        {
          type: 'button',
          class: 'chip',
          title: model.description,
          onclick: () => putStatement(statementFor(model)),
        },
        model.name.slice('gold.'.length).replaceAll('_', ' '),
      ),
    ),
  );
  if (!byId('statement').value && gold.length) {
    byId('statement').value = statementFor(gold[0]);
  }
}

function statementFor(model) {
  const about = model.description.split('\n')[0];
  return `${about ? `-- ${about}\n` : ''}SELECT *\nFROM ${model.name}\nLIMIT 100`;
}

async function run() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(2)}\u202fs`;
  byId('cancel').hidden = false;
  byId('query-error').hidden = true;
  byId('query').setAttribute('aria-busy', 'true');
  const clock = setInterval(() => setText(byId('query-hint'), `Running, ${seconds()}`), 100);
  try {
    const asOf = byId('as-of').value;
    const question = { sql: byId('statement').value, as_of: asOf ? `${asOf}Z` : null, limit: FETCHED_AT_MOST };
    result = await fetchResult(question, mine.signal);
    showResult(seconds());
  } catch (error) {
    showError(error, mine.signal);
  } finally {
    clearInterval(clock);
    if (running === mine) {
      running = null;
      byId('cancel').hidden = true;
      byId('query').removeAttribute('aria-busy');
      setText(byId('query-hint'), 'One SELECT over the tables, at one consistent moment.');
    }
  }
}

function showError(error, signal) {
  if (signal.aborted && running) {
    return;
  }
  byId('result').hidden = true;
  byId('query-error').hidden = false;
  const lost = error instanceof TypeError;
  setText(byId('query-error'), signal.aborted ? 'Cancelled.' : lost ? 'The server did not answer; run it again.' : error.message);
}

function showResult(elapsed) {
  const { columns, rows, end } = result;
  const total = end.truncated ? `the first ${rowsOf(rows.length)}` : rowsOf(rows.length);
  const shown = rows.length > SHOWN_AT_MOST ? `, ${rowsOf(SHOWN_AT_MOST)} shown` : '';
  setText(byId('result-summary'), `${total} in ${elapsed}${shown}`);
  byId('result-columns').replaceChildren(...headerCells(columns));
  byId('result-rows').replaceChildren(...bodyRows(columns, rows.slice(0, SHOWN_AT_MOST)));
  byId('result').hidden = false;
}

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
function csvField(value, numeric) {
  if (value === null) {
    return '';
  }
  const field = text(value);
  const safe = !numeric && /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function download() {
  const numeric = result.columns.map(isNumber);
  const all = [result.columns.map((column) => column.name), ...result.rows];
  const csv = all.map((row, line) => row.map((value, index) => csvField(value, line > 0 && numeric[index])).join(','));
  const url = URL.createObjectURL(new Blob([`${csv.join('\r\n')}\r\n`], { type: 'text/csv' }));
  h('a', { href: url, download: 'result.csv' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

byId('query').addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
byId('statement').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
byId('read-key').addEventListener('change', (event) => keepKey(event.target.value.trim()));
byId('cancel').addEventListener('click', () => running?.abort());
byId('download').addEventListener('click', download);
