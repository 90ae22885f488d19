// The first page: how events come in and where they are now, the balance, and the SQL box.

import { RateChart, colour } from './chart.js';
import { showConserved } from './conserved.js';
import { byId, h, keep, setText } from './dom.js';
import { ago, count, duration, rate } from './format.js';
import { badge } from './parts.js';
import { offerPractice } from './practice.js';
import { offerExamples, putStatement } from './query.js';
import { follow, get, repeat, serverTime, task } from './server.js';

const RATES_EVERY = 1000;
const PROOF_EVERY = 10000;
const STATES = ['failed', 'held', 'running', 'stale', 'wanted', 'new', 'skipped', 'done'];
const LAYERS = ['bronze', 'silver', 'gold', 'quarantine', 'ops'];

const chart = new RateChart(byId('chart'));
let status = null;
let rates = null;
let shown = 'received';
let quarantineShown = false;
let rescanning = false;

/** Follows what this page alone shows, until the signal. */
export function open(signal) {
  const balance = task('/api/proof', showBalance, balanceUnknown, signal);
  follow('/api/rates', RATES_EVERY, showRates, () => {}, signal);
  repeat(PROOF_EVERY, () => rescanning || balance(), signal);
  const clock = setInterval(showRows, 1000);
  signal.addEventListener('abort', () => clearInterval(clock));
  showRows();
}

/** Takes the status, which the whole console follows. */
export function showStatus(now) {
  status = now;
  showRows();
}

// Tables that follow the status

function cells(row, texts) {
  texts.forEach((text, index) => setText(row.children[index + 1], text));
}

function numberCells(howMany) {
  return Array.from({ length: howMany }, () => h('td', { class: 'number' }));
}

function streamRow(stream) {
  const position = status.streams.indexOf(stream);
  const swatch = h('span', { class: `swatch ${colour(position)}`, 'aria-hidden': 'true' });
  return h('tr', {}, h('th', { scope: 'row' }, swatch, stream.name), ...numberCells(6));
}

function tableRow(table) {
  const [layer, name] = table.name.split('.');
  const select = h(
    'button',
    {
      type: 'button',
      class: 'name',
      title: `Put a SELECT of ${table.name} into the SQL box`,
      onclick: () => putStatement(`SELECT *\nFROM ${table.name}\nLIMIT 100`),
    },
    h('span', { class: 'quiet' }, `${layer}.`),
    name,
  );
  return h('tr', {}, h('th', { scope: 'row' }, select), ...numberCells(4));
}

function processItem(process) {
  return h(
    'li',
    {},
    h('span', { class: 'dot', 'aria-hidden': 'true' }),
    h('b', {}, process.name),
    h('span', { class: 'state' }),
    h('span', { class: 'quiet detail' }),
  );
}

function showProcess(item, process) {
  const grade = { running: 'good', starting: 'waiting', down: 'bad' }[process.state];
  item.dataset.state = grade;
  const time = duration(serverTime() - Date.parse(process.since));
  const restarts = process.restarts === 1 ? '1 restart' : `${count(process.restarts)} restarts`;
  const pid = process.pid ? `pid ${process.pid}, ` : '';
  setText(item.children[2], process.state === 'running' ? `up ${time}` : `${process.state} for ${time}`);
  setText(item.children[3], `${pid}${restarts}`);
}

function layerOrder(table) {
  const position = LAYERS.indexOf(table.name.split('.')[0]);
  return position < 0 ? LAYERS.length : position;
}

function showRows() {
  if (!status) {
    return;
  }
  const now = serverTime();
  const name = (one) => one.name;
  keep(byId('stream-rows'), status.streams, name, streamRow, (row, stream) =>
    cells(row, [
      rate(stream.events_per_second),
      count(stream.accepted),
      count(stream.rejected),
      count(stream.repeated),
      count(stream.late),
      ago(stream.committed_at, now),
    ]),
  );
  const tables = status.tables
    .filter((table) => quarantineShown || !table.name.startsWith('quarantine.'))
    .sort((a, b) => layerOrder(a) - layerOrder(b));
  keep(byId('table-rows'), tables, name, tableRow, (row, table) =>
    cells(row, [
      count(table.rows),
      count(table.files),
      count(table.columns.length),
      ago(table.committed_at, now),
    ]),
  );
  keep(byId('processes'), status.processes, name, processItem, showProcess);
  showModels();
  showLake(now);
}

/** How many models are in each state, what needs a person first; a click lists them. */
function showModels() {
  const states = STATES.map((state) => ({ name: state, models: status.models.filter((model) => model.state === state) }));
  byId('models').hidden = status.models.length === 0;
  keep(
    byId('model-states'),
    states.filter(({ models }) => models.length),
    ({ name }) => name,
    ({ name }) => h('li', {}, h('a', { href: `#/assets?${name}` }, h('b'), ' ', badge(name))),
    (item, { models }) => {
      setText(item.querySelector('b'), count(models.length));
      item.firstChild.title = models.map((model) => model.held ? `${model.name}: ${model.held}` : model.name).join('\n');
    },
  );
}

function showLake(now) {
  const sum = (field) => status.tables.reduce((total, table) => total + table[field], 0);
  const commits = status.tables.map((table) => table.committed_at ?? '').sort();
  setText(byId('lake-rows'), count(sum('rows')));
  setText(byId('lake-tables'), count(status.tables.length));
  setText(byId('lake-files'), count(sum('files')));
  setText(byId('lake-commit'), ago(commits.at(-1), now));
}

function toggleQuarantine() {
  quarantineShown = !quarantineShown;
  setText(byId('quarantine'), quarantineShown ? 'Hide quarantine' : 'Show quarantine');
  showRows();
}

// Rates

function showRates(now) {
  rates = now;
  const series = Object.entries(now).map(([name, rate]) => ({ name, points: rate[shown] }));
  chart.show(series);
  const latest = (points) => points.findLast((point) => point !== null) ?? 0;
  setText(byId('rate-total'), rate(series.reduce((sum, one) => sum + latest(one.points), 0)));
  setText(
    byId('rate-meaning'),
    shown === 'received' ? 'arriving at the collector' : 'given a verdict by the stream',
  );
  keep(
    byId('legend'),
    series,
    (one) => one.name,
    (one) =>
      h(
        'li',
        {},
        h('span', { class: `swatch ${colour(series.indexOf(one))}`, 'aria-hidden': 'true' }),
        `${one.name} `,
        h('b', {}),
      ),
    (item, one) => setText(item.lastChild, rate(latest(one.points))),
  );
}

function showOnly(which) {
  shown = which;
  for (const other of ['received', 'processed']) {
    byId(`show-${other}`).setAttribute('aria-pressed', String(other === which));
  }
  if (rates) {
    showRates(rates);
  }
}

// Balance

function term(sign, number, label) {
  return h(
    'span',
    { class: 'term' },
    h('span', { class: 'sign' }, sign),
    h('span', { class: 'amount' }, h('b', {}, count(number)), h('small', {}, label)),
  );
}

/** The outcomes an offset can have; an outcome that no stream has is left out if it is rare. */
function outcomes(streams) {
  const rare = ['erased', 'absent'].filter((name) => streams.some((stream) => stream[name] > 0));
  return ['bronze', 'rejected', 'repeated', 'late', ...rare, 'in_flight'];
}

function showBalanceOf(item, stream, terms) {
  const sum = terms.reduce((total, term) => total + stream[term], 0);
  const equals = sum === stream.topic + stream.loaded ? '=' : '\u2260';
  item.className = stream.holds ? 'holds' : 'fails';
  item.replaceChildren(
    h('h3', {}, stream.stream),
    h(
      'p',
      { class: 'equation' },
      term('', stream.topic, 'on topics'),
      ...(stream.loaded > 0 ? [term('+', stream.loaded, 'lines loaded')] : []),
      ...terms.map((name, position) =>
        term(position ? '+' : equals, stream[name], name.replace('_', ' ')),
      ),
    ),
    h(
      'p',
      { class: 'outcome' },
      h('b', { class: 'outcome-text' }, stream.holds ? '\u2713 holds' : '\u2717 does not hold'),
      h('span', { class: 'quiet' }, `${count(stream.acknowledged)} acknowledged`),
    ),
    ...stream.breaches.map((breach) => h('p', { class: 'error' }, breach.sentence)),
  );
}

function showBalance(proof) {
  const failing = [
    ...proof.streams.filter((one) => !one.holds).map((one) => one.stream),
    ...proof.balances.filter((one) => one.broken).map((one) => one.balance),
  ];
  const verdict = byId('balance-verdict');
  verdict.dataset.state = failing.length ? 'bad' : 'good';
  setText(
    verdict,
    failing.length
      ? `The balance of ${failing.join(' and ')} does not hold`
      : 'Nothing lost, nothing twice, nothing made up',
  );
  showConserved(byId('conserved'), proof.balances);
  const terms = outcomes(proof.streams);
  byId('balances').style.setProperty('--terms', terms.length + 1);
  keep(
    byId('balances'),
    proof.streams,
    (one) => one.stream,
    () => h('li'),
    (item, one) => showBalanceOf(item, one, terms),
  );
  setText(
    byId('balance-note'),
    proof.depth === 'full' ? 'Every row and every record was read again just now.' : '',
  );
}

function balanceUnknown(error) {
  if (!document.body.classList.contains('offline') && !rescanning) {
    setText(byId('balance-note'), error.message);
  }
}

async function rescan() {
  const button = byId('rescan');
  rescanning = true;
  button.disabled = true;
  setText(button, 'Rescanning\u2026');
  try {
    showBalance(await get('/api/proof?full=true', null));
  } catch (error) {
    rescanning = false;
    balanceUnknown(error);
  } finally {
    rescanning = false;
    button.disabled = false;
    setText(button, 'Rescan everything');
  }
}

byId('show-received').addEventListener('click', () => showOnly('received'));
byId('show-processed').addEventListener('click', () => showOnly('processed'));
byId('rescan').addEventListener('click', rescan);
byId('quarantine').addEventListener('click', toggleQuarantine);
offerExamples(get);
offerPractice(get);
