// The page of one asset: what it is, where its rows come from, how it is built, and its first rows.

import { kindOf } from './assets.js';
import { h, setText } from './dom.js';
import { ago, count } from './format.js';
import { calendar } from './intervals.js';
import { lineageCard } from './lineage.js';
import { badge, card, errorLine, nameOf, nothing, showState, table } from './parts.js';
import { putStatement } from './query.js';
import { bodyRows, fetchResult, headerCells } from './result.js';
import { follow, serverTime } from './server.js';

const EVERY = 5000;
const SAMPLE_ROWS = 10;
const PII = {
  pseudonym: 'Pseudonyms: whoever has the key of the project finds out who somebody is',
  clear: 'It tells who somebody is',
};

export function open(frame, signal, name) {
  let page = null;
  follow(
    `/api/assets/${encodeURIComponent(name)}`,
    EVERY,
    (asset) => {
      page ??= build(frame, signal, asset);
      page(asset);
    },
    (error) => page ?? frame.replaceChildren(errorLine(error.message)),
    signal,
  );
}

/** Makes the page of an asset; what comes back shows what may change while it is open. */
function build(frame, signal, asset) {
  const lineage = lineageCard(asset.name, signal);
  const intervals = card('Intervals');
  const tests = card('Tests');
  const history = card('History');
  const about = aboutCard(asset);
  const sql = asset.sql ? sqlCard(asset) : '';
  frame.replaceChildren(
    about.element,
    h('div', { class: 'beside' }, columnsCard(asset, lineage.choose), about.facts),
    lineage.element,
    intervals.element,
    tests.element,
    sampleCard(asset, signal),
    sql,
    history.element,
  );
  return (now) => {
    about.show(now);
    showPart(intervals, now.intervals?.size ? now : null, (it) => calendar(it.intervals));
    showPart(tests, now.tests.length || now.unit_tests.length ? now : null, testsOf);
    showPart(history, now.history.length ? now : null, historyOf);
  };
}

/** Fills a card anew when what it shows has changed, and hides it when there is nothing. */
function showPart(part, asset, draw) {
  part.element.hidden = asset === null;
  if (asset === null) {
    return;
  }
  const { intervals, tests, unit_tests: unitTests, history } = asset;
  const shown = JSON.stringify([intervals, tests, unitTests, history]);
  if (part.shown !== shown && !part.element.contains(document.activeElement)) {
    part.shown = shown;
    part.element.replaceChildren(part.heading, draw(asset));
  }
}

function aboutCard(asset) {
  const state = badge(null);
  const why = h('span', { class: 'quiet' });
  const query = h(
    'button',
    {
      type: 'button',
      class: 'plain',
      onclick: () => {
        location.hash = '#sql';
        setTimeout(() => putStatement(`SELECT *\nFROM ${asset.name}\nLIMIT 100`));
      },
    },
    'Query it',
  );
  const element = h(
    'section',
    { class: 'about', 'aria-label': 'About' },
    h('div', { class: 'heading' }, h('h2', {}, ...nameOf(asset.name)), h('span', { class: 'kind' }, kindOf(asset)), state, why, query),
    asset.description ? h('p', { class: 'description' }, asset.description) : '',
  );
  const values = h('dl', { class: 'facts' });
  const facts = h('section', { class: 'card side', 'aria-label': 'Facts' }, h('h2', {}, 'Facts'), values);
  const show = (now) => {
    showState(state, now.build?.state);
    setText(why, whyOf(now));
    const entries = factsOf(now);
    const shown = JSON.stringify(entries);
    if (values.dataset.shown !== shown) {
      values.dataset.shown = shown;
      values.replaceChildren(...entries.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
    }
  };
  return { element, facts, show };
}

/** Why it is in the state it is in; for a table without intervals, what its one build says. */
function whyOf({ build, intervals }) {
  if (build?.held) {
    return build.held;
  }
  const whole = intervals && !intervals.size ? intervals.entries[0] : null;
  return whole ? whole.message || whole.why : '';
}

function factsOf(asset) {
  const entries = [
    ['Rows', asset.rows === null ? null : count(asset.rows)],
    ['Last commit', asset.committed_at ? ago(asset.committed_at, serverTime()) : null],
    ['Files', asset.files === null ? null : count(asset.files)],
    ['Owner', asset.owner],
    ['Tags', asset.tags.join(', ')],
    ['Event time', asset.event_time],
    ['Built', asset.built],
    ['Starts', asset.starts],
    ['File', asset.file],
  ];
  return entries.filter(([, value]) => value);
}

function columnsCard(asset, choose) {
  let chosen = null;
  const button = (column) =>
    h(
      'button',
      {
        type: 'button',
        class: 'name',
        'aria-pressed': 'false',
        title: `Follow ${column.name} through the lineage`,
        onclick: (event) => {
          chosen?.setAttribute('aria-pressed', 'false');
          chosen = chosen === event.target ? null : event.target;
          chosen?.setAttribute('aria-pressed', 'true');
          choose(chosen && column.name);
        },
      },
      column.name,
    );
  const rows = asset.columns.map((column) =>
    h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        asset.follows_columns ? button(column) : column.name,
        ...(column.pii ? [h('span', { class: 'pii', title: PII[column.pii] }, 'pii')] : []),
      ),
      h('td', { class: 'quiet' }, column.type),
      h('td', { class: 'words' }, column.description),
    ),
  );
  const { element } = card('Columns', rows.length ? table('Columns', ['Column', 'Type', 'Description'], ...rows).element : nothing('Its columns are known when it has been built.'));
  return element;
}

function sampleCard(asset, signal) {
  const { element } = card('Sample');
  const question = { sql: `SELECT * FROM ${asset.name} LIMIT ${SAMPLE_ROWS}` };
  fetchResult(question, signal).then(
    ({ columns, rows }) => element.append(rows.length ? sample(columns, rows) : nothing('It has no rows.')),
    (error) => signal.aborted || element.append(errorLine(error.message)),
  );
  return element;
}

function sample(columns, rows) {
  return h(
    'div',
    { class: 'scroll result', role: 'region', 'aria-label': 'Sample', tabindex: '0' },
    h('table', {}, h('thead', {}, h('tr', {}, ...headerCells(columns))), h('tbody', {}, ...bodyRows(columns, rows))),
  );
}

function sqlCard(asset) {
  const { element, heading } = card('SQL');
  heading.append(h('span', { class: 'quiet' }, asset.file));
  const lines = asset.sql.trimEnd().split('\n').map((line) => h('span', { class: line.trimStart().startsWith('--') ? 'quiet' : null }, `${line}\n`));
  element.append(h('pre', { class: 'sql scroll', tabindex: '0', role: 'region', 'aria-label': 'SQL' }, h('code', {}, ...lines)));
  return element;
}

function said({ sentence, description }) {
  const text = sentence ?? description;
  return text ? h('p', { class: 'quiet why' }, text) : '';
}

function testsOf({ tests, unit_tests: unitTests }) {
  const rows = tests.map((test) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, test.name, said(test)),
      h('td', {}, test.checks),
      h('td', {}, badge(test.result ?? 'not run')),
      h('td', { class: 'quiet' }, `${test.file}:${test.line}`),
    ),
  );
  const units = unitTests.map((test) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, test.name, said(test)),
      h('td', {}, 'unit test'),
      h('td', {}, badge(test.result ?? 'not run')),
      h('td', { class: 'quiet' }, `${test.file}:${test.line}`),
    ),
  );
  return table('Tests', ['Test', 'Checks', 'Last result', 'Written in'], ...rows, ...units).element;
}

function historyOf({ history }) {
  const rows = history.map((snapshot) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, ago(snapshot.committed_at, serverTime())),
      h('td', { class: 'quiet' }, snapshot.committed_at),
      h('td', {}, snapshot.operation),
      h('td', { class: 'number' }, count(snapshot.rows)),
      h('td', { class: 'number' }, change(snapshot)),
      h('td', {}, snapshot.releases.length ? snapshot.releases.join(', ') : ''),
      h('td', { class: 'quiet' }, snapshot.id),
    ),
  );
  return table('History', ['Committed', 'At', 'Operation', '#Rows', '#Change', 'Releases', 'Snapshot'], ...rows).element;
}

function change({ added, deleted }) {
  const parts = [added ? `+${count(added)}` : '', deleted ? `\u2212${count(deleted)}` : ''];
  return parts.filter(Boolean).join(' ') || '0';
}
