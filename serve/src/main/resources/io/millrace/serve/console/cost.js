// The page of cost: what each stream, model and query took, what a month of that comes to, and what 10 TB a day would take.

import { h, keep, setText } from './dom.js';
import { amount, bytes, count, money, seconds } from './format.js';
import { assetLink, card, errorLine, nothing, table } from './parts.js';
import { repeat, task } from './server.js';

/** The server measures each half minute. */
const EVERY = 30000;
const SPANS = { Day: 24, Week: 168, Month: 720 };

/** Of those that took most; the command has all of them. */
const QUERIES_SHOWN = 20;

/** What costs are for, what is counted of it, and its colour. */
const KINDS = {
  stream: { title: 'streams', one: 'event', many: 'events', colour: 'series-0' },
  model: { title: 'models', one: 'row', many: 'rows', colour: 'series-5' },
  query: { title: 'queries', one: 'time', many: 'times', colour: 'series-1' },
  rest: { title: 'the rest', colour: 'series-7' },
};

const PRICES = {
  vcpu_hour: 'Processor, an hour',
  memory_gb_hour: 'GB of memory, an hour',
  object_gb_month: 'GB in a bucket, a month',
  block_gb_month: 'GB on a disk, a month',
};

export function open(frame, signal) {
  let [span] = Object.keys(SPANS);
  const spans = Object.keys(SPANS).map((name) =>
    h('button', { type: 'button', 'aria-pressed': String(name === span), onclick: () => choose(name) }, name),
  );
  const failed = errorLine('');
  const { element, heading } = card('Cost', failed);
  const parts = [takenPart(element), clusterCard(), pricesCard()];
  const [, cluster, prices] = parts;
  const beside = h('div', { class: 'beside' }, cluster.element, prices.element);
  heading.append(h('div', { class: 'switch', role: 'group', 'aria-label': 'How far back' }, ...spans));
  frame.append(element, beside);
  say('');

  function choose(name) {
    span = name;
    spans.forEach((button) => button.setAttribute('aria-pressed', String(button.textContent === name)));
    ask();
  }

  /** What comes after another span was chosen is not shown. */
  function ask() {
    const asked = span;
    const path = `/api/cost?hours=${SPANS[asked]}`;
    return task(path, (cost) => asked === span && show(cost), (error) => asked === span && say(error.message), signal)();
  }

  function show(cost) {
    say('');
    beside.hidden = false;
    parts.forEach((part) => part.show(cost));
  }

  /** Figures of another span would be taken for what is asked. */
  function say(problem) {
    setText(failed, problem);
    failed.hidden = !problem;
    parts[0].element.hidden = true;
    beside.hidden = true;
  }

  repeat(EVERY, ask, signal);
}

// What it took

function takenPart(frame) {
  const figure = figureOf();
  const shares = h('div', { class: 'shares', role: 'img' });
  const legend = h('ul', { class: 'legend' });
  const list = table('What it took', ['For', 'Kind', '#Work', '#Bytes in', '#CPU seconds', '#Stored', '#A month', 'Share']);
  list.element.classList.add('result');
  const more = nothing('');
  const element = h('div', {}, figure.element, shares, legend, list.element, more);
  frame.append(element);

  function show(cost) {
    const { currency } = cost.prices;
    element.hidden = false;
    figure.show(
      `${money(cost.month)} ${currency}`,
      `a month, if it goes on as in the ${amount(Math.round(cost.hours * 10) / 10)} hours since ${cost.since.slice(0, 16).replace('T', ' ')} UTC: `
        + `${seconds(cost.cpu_seconds)} CPU seconds, ${bytes(cost.stored_bytes)} stored`,
    );
    const kinds = Object.keys(KINDS)
      .map((name) => ({ name, month: sum(cost.lines.filter((line) => line.kind === name)) }))
      .filter((kind) => kind.month > 0);
    showShares(kinds, cost.month, currency);
    const queries = cost.lines.filter((line) => line.kind === 'query');
    const left = new Set(queries.slice(QUERIES_SHOWN));
    const lines = cost.lines.filter((line) => !left.has(line));
    keep(list.body, lines, (line) => `${line.kind} ${line.name}`, lineRow, (row, line) => showLine(row, line, cost.month));
    more.hidden = left.size === 0;
    setText(more, `And ${count(left.size)} more queries: millrace cost --json has them.`);
  }

  function showShares(kinds, all, currency) {
    keep(shares, kinds, (kind) => kind.name, (kind) => h('i', { class: KINDS[kind.name].colour }), (part, kind) =>
      part.style.setProperty('--share', kind.month / all),
    );
    shares.setAttribute('aria-label', kinds.map((kind) => `${KINDS[kind.name].title} ${percent(kind.month, all)}`).join(', '));
    keep(
      legend,
      kinds,
      (kind) => kind.name,
      ({ name }) =>
        h(
          'li',
          {},
          h('span', { class: `swatch ${KINDS[name].colour}`, 'aria-hidden': 'true' }),
          `${KINDS[name].title} `,
          h('b', {}),
        ),
      (item, kind) => setText(item.lastChild, `${money(kind.month)} ${currency}`),
    );
  }

  return { element, show };
}

function sum(lines) {
  return lines.reduce((total, line) => total + line.month, 0);
}

function lineRow(line) {
  return h('tr', {}, h('th', { scope: 'row' }, nameOf(line)), h('td', {}, line.kind), ...numberCells(5), shareCell(KINDS[line.kind].colour));
}

/** A stream leads to its table; a query is its own name. */
function nameOf({ kind, name }) {
  switch (kind) {
    case 'stream':
      return assetLink(`bronze.${name}`);
    case 'model':
      return assetLink(name);
    case 'query':
      return h('span', { class: 'statement', title: name }, name);
    default:
      return name;
  }
}

function showLine(row, line, all) {
  const [, , work, sent, cpu, stored, month, share] = row.children;
  const { one, many } = KINDS[line.kind];
  setText(work, line.times ? `${count(line.times)} ${line.times === 1 ? one : many}` : '');
  setText(sent, bytes(line.bytes_in));
  setText(cpu, seconds(line.cpu_seconds));
  setText(stored, bytes(line.stored_bytes));
  setText(month, money(line.month));
  showShare(share, line.month, all);
}

// A cluster for more

function clusterCard() {
  const figure = figureOf();
  const list = table('Cluster', ['Part', '#Processors', '#Memory GB', '#Storage GB', '#A month', 'Share']);
  const assumes = h('ul', { class: 'quiet assumes' });
  const none = nothing('No event was sent in this time, so nobody knows what more of them would take.');
  const { element } = card('10 TB a day of such events, on a cluster', figure.element, list.element, assumes, none);

  function show({ reference, prices }) {
    [figure.element, list.element, assumes].forEach((part) => (part.hidden = reference === null));
    none.hidden = reference !== null;
    if (reference === null) {
      return;
    }
    figure.show(
      `${money(reference.month)} ${prices.currency}`,
      `a month, for ${count(reference.events_per_second)} events a second of ${count(reference.event_bytes)} bytes`,
    );
    keep(list.body, reference.parts, (part) => part.name, partRow, (row, part) => showPart(row, part, reference.month));
    keep(assumes, reference.assumes, (sentence) => sentence, (sentence) => h('li', {}, sentence), () => {});
  }

  return { element, show };
}

function partRow(part) {
  return h('tr', {}, h('th', { scope: 'row' }, part.name), ...numberCells(4), shareCell('series-0'));
}

function showPart(row, part, all) {
  const [, processors, memory, disk, month, share] = row.children;
  setText(processors, part.processors ? count(part.processors) : '');
  setText(memory, part.memory_gb ? count(part.memory_gb) : '');
  setText(disk, part.disk_gb ? count(part.disk_gb) : '');
  setText(month, money(part.month));
  showShare(share, part.month, all);
}

// Prices

function pricesCard() {
  const facts = h('dl', { class: 'facts prices' });
  const source = h('p', { class: 'quiet' });
  const element = h('section', { class: 'card side', 'aria-label': 'Prices' }, h('h2', {}, 'Prices'), facts, source);

  function show({ prices }) {
    const entries = [['Of', prices.dated], ...Object.entries(PRICES).map(([name, title]) => [title, `${amount(prices[name])} ${prices.currency}`])];
    facts.replaceChildren(...entries.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
    setText(source, prices.source);
  }

  return { element, show };
}

// What several of them have

function figureOf() {
  const number = h('b', {});
  const meaning = h('span', { class: 'quiet' });
  const element = h('p', { class: 'figure total' }, number, ' ', meaning);
  const show = (text, means) => {
    setText(number, text);
    setText(meaning, means);
  };
  return { element, show };
}

function numberCells(howMany) {
  return Array.from({ length: howMany }, () => h('td', { class: 'number' }));
}

/** A bar, and the same as a number. */
function shareCell(colour) {
  return h('td', {}, h('span', { class: `share ${colour}`, 'aria-hidden': 'true' }, h('i')), h('span', { class: 'quiet' }));
}

function showShare(cell, part, all) {
  cell.firstChild.firstChild.style.setProperty('--share', all > 0 ? part / all : 0);
  setText(cell.lastChild, percent(part, all));
}

function percent(part, all) {
  return `${count(all > 0 ? (100 * part) / all : 0)}\u202f%`;
}
