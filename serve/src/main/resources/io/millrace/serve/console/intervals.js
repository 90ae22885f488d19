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
 * @param batches {size, zone, counts, intervals: [{label, state, why, rows}], older}
 */
export function calendar(batches) {
  const shape = SHAPES[batches.size];
  const cells = batches.intervals.map(({ state }) => h('i', { class: `cell ${state}` }));
  const rows = new Map();
  batches.intervals.forEach((interval, index) => {
    const name = shape.row(interval.label);
    rows.has(name) || rows.set(name, Array.from({ length: shape.across }, () => h('i')));
    rows.get(name)[shape.cell(interval.label)] = cells[index];
  });
  const grid = h(
    'div',
    { class: 'calendar', 'aria-label': 'Intervals; left and right read them' },
    ...[...rows].reverse().map(([name, inRow]) => h('div', { class: 'row' }, h('span', { class: 'quiet' }, name), ...inRow)),
  );
  const tip = readable(grid, cells, (index) => sentences(batches.intervals[index]));
  const older = batches.older ? h('p', { class: 'quiet' }, `${count(batches.older)} older ones are not shown.`) : '';
  return h('div', {}, legend(batches.counts), h('div', { class: 'picture' }, grid, tip), older);
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

function sentences({ label, state, rows, why }) {
  return [h('p', {}, label), badge(state), rows === null ? '' : `, ${rowsOf(rows)}`, why ? h('p', {}, why) : ''];
}
