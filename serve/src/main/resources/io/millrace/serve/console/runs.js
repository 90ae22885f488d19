// The page of runs, newest first: what was built, why, and what came of it; and how the past was changed.

import { showCorrections } from './corrections.js';
import { h, keep, setText } from './dom.js';
import { ago, count, elapsed } from './format.js';
import { badge, card, errorLine, nothing, showState, table } from './parts.js';
import { repeat, serverTime, task } from './server.js';

const EVERY = 2000;

/** Upkeep runs often, and says little of what people wait for. */
const KINDS = ['builds', 'upkeep'];

export function open(frame, signal) {
  let [shown] = KINDS;
  const kinds = KINDS.map((kind) =>
    h('button', { type: 'button', 'aria-pressed': String(kind === shown), onclick: () => choose(kind) }, kind),
  );
  const list = table('Runs', ['Run', 'State', 'Kind', 'What', 'Why', '#Started', '#Took', '#Steps', '#Rows']);
  const none = nothing('Nothing yet. Models are built when their inputs bring rows, or by millrace run.');
  const { element, heading } = card('Runs', none, list.element);
  heading.append(h('div', { class: 'switch', role: 'group', 'aria-label': 'Which runs' }, ...kinds));
  const failed = errorLine('');
  failed.hidden = true;
  none.hidden = true;
  list.element.hidden = true;
  element.append(failed);
  frame.append(element);
  showCorrections(frame, signal);

  function choose(kind) {
    shown = kind;
    kinds.forEach((button) => button.setAttribute('aria-pressed', String(button.textContent === kind)));
    task(path(), show)();
  }

  function path() {
    return `/api/runs?of=${shown}`;
  }

  function show(runs) {
    const now = serverTime();
    failed.hidden = true;
    none.hidden = runs.length > 0;
    list.element.hidden = runs.length === 0;
    keep(list.body, runs, (run) => String(run.id), row, (element, run) => update(element, run, now));
  }

  function fail(error) {
    failed.hidden = false;
    setText(failed, error.message);
  }

  repeat(EVERY, () => task(path(), show, fail, signal)(), signal);
}

function row(run) {
  const number = () => h('td', { class: 'number' });
  const link = h('a', { class: 'name', href: `#/runs/${run.id}` }, String(run.id));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, link),
    h('td', {}, badge(null)),
    h('td', {}, run.kind),
    h('td', {}, run.what),
    h('td', { class: 'words quiet' }, run.why),
    ...[number(), number(), number(), number()],
  );
}

function update(element, run, now) {
  const [, state, , , , started, took, steps, rows] = element.children;
  showState(state.firstChild, run.state);
  setText(started, ago(run.started_at, now));
  setText(took, tookOf(run, now));
  setText(steps, count(run.step_count));
  setText(rows, count(run.rows));
}

export function tookOf(run, now) {
  return elapsed((run.ended_at ? Date.parse(run.ended_at) : now) - Date.parse(run.started_at));
}

export function stepsOf(run) {
  const failed = run.failed ? `, ${count(run.failed)} failed` : '';
  return `${count(run.step_count)} ${run.step_count === 1 ? 'step' : 'steps'}${failed}`;
}
