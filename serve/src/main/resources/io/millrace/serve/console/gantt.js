// The steps of a run over time: a lane for each table, a bar for each step.

import { h, s } from './dom.js';
import { elapsed, rows as rowsOf } from './format.js';
import { badge } from './parts.js';
import { readable } from './tip.js';

const NAMES = 240;
const LANE = 26;
const BAR = 14;
const AXIS = 24;
const NARROWEST = 3;
const TICKS = 4;

/**
 * Draws them.
 *
 * @param steps [{table, span, state, started_at, ended_at, rows, message}], at least one
 * @param width of the picture in pixels
 */
export function gantt(steps, width, now) {
  const end = (step) => (step.ended_at ? Date.parse(step.ended_at) : now);
  const first = Math.min(...steps.map((step) => Date.parse(step.started_at)));
  const span = Math.max(1000, Math.max(...steps.map(end)) - first);
  const room = Math.max(120, width - NAMES);
  const x = (time) => NAMES + ((time - first) / span) * room;
  const lanes = [...new Set(steps.map((step) => step.table))];
  const height = lanes.length * LANE + AXIS;
  const bars = steps.map((step) => {
    const from = x(Date.parse(step.started_at));
    return s('rect', {
      class: `bar ${step.state}`,
      x: from,
      y: lanes.indexOf(step.table) * LANE + (LANE - BAR) / 2,
      width: Math.max(NARROWEST, x(end(step)) - from),
      height: BAR,
      rx: 3,
    });
  });
  const picture = s(
    'svg',
    { width: NAMES + room, height, viewBox: `0 0 ${NAMES + room} ${height}`, role: 'img', 'aria-label': `${steps.length} steps of ${lanes.length} tables` },
    ...ticks(x, first, span, height),
    ...lanes.map((name, lane) => s('text', { class: 'lane', x: 0, y: lane * LANE + LANE / 2 + 4 }, name)),
    ...bars,
  );
  const frame = h('div', { class: 'gantt', 'aria-label': 'Steps over time; left and right read them' }, picture);
  const tip = readable(frame, bars, (index) => sentences(steps[index], now));
  return h('div', { class: 'picture' }, frame, tip);
}

function ticks(x, first, span, height) {
  return Array.from({ length: TICKS + 1 }, (_, tick) => {
    const time = first + (span * tick) / TICKS;
    const anchor = tick === TICKS ? 'end' : tick ? 'middle' : 'start';
    return s(
      'g',
      {},
      s('line', { class: 'grid', x1: x(time), x2: x(time), y1: 0, y2: height - AXIS + 4 }),
      s('text', { class: 'axis', x: x(time), y: height - 6, 'text-anchor': anchor }, tick ? elapsed(time - first) : 'start'),
    );
  });
}

function sentences(step, now) {
  const took = elapsed((step.ended_at ? Date.parse(step.ended_at) : now) - Date.parse(step.started_at));
  return [
    h('p', {}, [step.table, step.span].filter(Boolean).join(' ')),
    h('div', {}, badge(step.state), `, ${took}`, step.state === 'done' ? `, ${rowsOf(step.rows)}` : ''),
    step.message ? h('p', {}, step.message) : '',
  ];
}
