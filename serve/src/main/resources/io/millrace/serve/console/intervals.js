// The intervals of a table as a calendar: a cell each, coloured by state, that says why on request.

import { h } from './dom.js';
import { count, rows as rowsOf } from './format.js';
import { badge } from './parts.js';
import { readable } from './tip.js';

const STATES = ['done', 'running', 'wanted', 'stale', 'failed', 'skipped'];

/** Cells of a row, the start of a label that names the row, and how a cell is placed in it. */
const SHAPES = {
  hour: { across: 24, row: (label) => label.slice(0, 10), cell: (label) => Number(label.slice(11, 13)) },
  day: { across: 31, row: (label) => label.slice(0, 7), cell: (label) => Number(label.slice(8, 10)) - 1 },
  month: { across: 12, row: (label) => label.slice(0, 4), cell: (label) => Number(label.slice(5, 7)) - 1 },
  year: { across: 10, row: (label) => `${label.slice(0, 3)}0s`, cell: (label) => Number(label.slice(3, 4)) },
};

/**
 * Draws them.
 *
 * @param intervals {size, counts, entries: [{label, state, why, message, attempts, rows}], older}
 */
export function calendar({ size, counts, entries, older }) {
  const shape = SHAPES[size];
  const cells = entries.map(({ state }) => h('i', { class: `cell ${state}` }));
  const rows = new Map();
  entries.forEach((interval, index) => {
    const name = shape.row(interval.label);
    rows.has(name) || rows.set(name, Array.from({ length: shape.across }, () => h('i')));
    rows.get(name)[shape.cell(interval.label)] = cells[index];
  });
  const grid = h(
    'div',
    { class: 'calendar', 'aria-label': 'Intervals; left and right read them' },
    ...[...rows].reverse().map(([name, inRow]) => h('div', { class: 'row' }, h('span', { class: 'quiet' }, name), ...inRow)),
  );
  const tip = readable(grid, cells, (index) => sentences(entries[index]));
  const more = older ? h('p', { class: 'quiet' }, `${count(older)} older ones are not shown.`) : '';
  return h('div', {}, legend(counts), h('div', { class: 'picture' }, grid, tip), more);
}

function legend(counts) {
  const known = STATES.filter((state) => counts[state]);
  return h(
    'ul',
    { class: 'legend' },
    ...known.map((state) =>
      h('li', {}, h('i', { class: `cell ${state}`, 'aria-hidden': 'true' }), ` ${state} `, h('b', {}, count(counts[state]))),
    ),
  );
}

function sentences({ label, state, rows, why, message, attempts }) {
  const tried = state !== 'done' && attempts > 0 ? `, attempt ${attempts}` : '';
  return [
    h('p', {}, label),
    h('span', {}, badge(state), rows === null ? '' : `, ${rowsOf(rows)}`, tried),
    h('p', {}, why),
    message ? h('p', { class: 'bad' }, message) : '',
  ];
}
