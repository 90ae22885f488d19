// The page of one run: its steps over time, what went wrong, its log, and what can be asked of it.

import { h, keep, setText } from './dom.js';
import { ago, count, duration, rows as rowsOf } from './format.js';
import { gantt } from './gantt.js';
import { assetLink, badge, card, errorLine, showState, table } from './parts.js';
import { stepsOf, tookOf } from './runs.js';
import { follow, post, serverTime } from './server.js';

const EVERY = 1000;
const PROBLEMS_SHOWN = 20;

export function open(frame, signal, id) {
  let show = null;
  follow(
    `/api/runs/${encodeURIComponent(id)}`,
    EVERY,
    (run) => {
      show ??= build(frame, run);
      show(run);
    },
    (error) => show ?? frame.replaceChildren(errorLine(error.message)),
    signal,
  );
}

function build(frame, run) {
  const about = aboutRun(run);
  const progress = h('section', { class: 'card progress', 'aria-label': 'Progress' }, h('progress', { 'aria-label': 'Intervals built' }), h('p'));
  const problems = h('div', { class: 'stack' });
  const time = card('Steps over time');
  const steps = table('Steps', ['Table', 'Intervals', 'State', '#Took', '#Rows', 'What came of it']);
  const taken = card('Steps', steps.element);
  const log = h('ol', { class: 'log' });
  const logged = card('Log', h('div', { class: 'scroll', role: 'region', 'aria-label': 'Log', tabindex: '0' }, log));
  frame.replaceChildren(about.element, progress, problems, time.element, taken.element, logged.element);
  return (now) => {
    about.show(now);
    showProgress(progress, now);
    showProblems(problems, now);
    showTime(time, now);
    taken.element.hidden = now.steps.length === 0;
    keep(steps.body, now.steps, (step) => String(step.id), stepRow, showStep);
    logged.element.hidden = now.log.length === 0;
    keep(log, now.log, (line) => `${line.at} ${line.table} ${line.text}`, logLine, () => {});
  };
}

function aboutRun(run) {
  const state = badge(null);
  const facts = h('span', { class: 'quiet' });
  const message = h('p', { class: 'quiet' });
  const refused = errorLine('');
  const ask = (what) => async (event) => {
    event.target.disabled = true;
    try {
      const { run: begun } = await post(`/api/runs/${run.id}/${what}`);
      refused.hidden = true;
      location.hash = `#/runs/${begun}`;
    } catch (error) {
      refused.hidden = false;
      setText(refused, error.message);
    } finally {
      event.target.disabled = false;
    }
  };
  const cancel = h('button', { type: 'button', class: 'plain', onclick: ask('cancel') }, 'Cancel');
  const retry = h('button', { type: 'button', class: 'plain', onclick: ask('retry') }, 'Retry what failed');
  const title = [h('h2', {}, `Run ${run.id}`), h('span', { class: 'kind' }, run.kind), state, facts];
  const heading = h('div', { class: 'heading' }, ...title, h('div', { class: 'actions' }, cancel, retry));
  refused.hidden = true;
  const what = h('p', { class: 'description' }, `${run.what}, ${run.why}`);
  const element = h('section', { class: 'about', 'aria-label': 'About' }, heading, what, message, refused);
  const show = (now) => {
    showState(state, now.state);
    setText(facts, factsOf(now));
    setText(message, now.message);
    cancel.hidden = now.ended_at !== null || now.kind === 'upkeep';
    retry.hidden = now.ended_at === null || now.failed === 0 || now.kind === 'upkeep';
  };
  return { element, show };
}

function factsOf(run) {
  const now = serverTime();
  const took = `${run.ended_at ? 'took' : 'running for'} ${tookOf(run, now)}`;
  return `started ${ago(run.started_at, now)}, ${took}, ${stepsOf(run)}, ${rowsOf(run.rows)}`;
}

/** How far a backfill is: a run works on one as long as it takes. */
function showProgress(element, { backfill, ended_at: ended }) {
  element.hidden = !backfill || ended !== null;
  if (element.hidden) {
    return;
  }
  const left = backfill.seconds_left === null ? '' : `about ${duration(backfill.seconds_left * 1000)} left`;
  const far = `${count(backfill.done)} of ${count(backfill.total)} intervals`;
  element.firstChild.max = backfill.total;
  element.firstChild.value = backfill.done;
  setText(element.lastChild, [far, left, backfill.message].filter(Boolean).join(', '));
}

function showProblems(element, run) {
  const failed = run.steps.filter((step) => step.state === 'failed').slice(0, PROBLEMS_SHOWN);
  keep(element, failed, (step) => String(step.id), problem, () => {});
  element.hidden = failed.length === 0;
}

function problem(step) {
  const query = `millrace query "SELECT * FROM ${step.table}" --branch ${step.branch}`;
  const where = step.branch ? `\nThe refused rows: ${query}` : '';
  return errorLine(`${nameOf(step)}: ${step.message}${where}`);
}

export function nameOf(step) {
  return [step.table, step.span].filter(Boolean).join(' ');
}

function showTime(part, run) {
  const { element, heading } = part;
  element.hidden = run.steps.length === 0;
  const shown = JSON.stringify([run.steps, run.ended_at ? '' : Math.floor(serverTime() / 1000), element.clientWidth]);
  if (element.hidden || part.shown === shown || element.contains(document.activeElement) || element.matches(':hover')) {
    return;
  }
  part.shown = shown;
  element.replaceChildren(heading, gantt(run.steps, heading.clientWidth || element.clientWidth - 48, serverTime()));
}

function stepRow(step) {
  const name = step.table.includes('.') ? assetLink(step.table) : step.table;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', {}, step.span ?? ''),
    h('td', {}, badge(null)),
    h('td', { class: 'number' }),
    h('td', { class: 'number' }),
    h('td', { class: 'words quiet' }),
  );
}

function showStep(row, step) {
  const [, , state, took, rows, message] = row.children;
  showState(state.firstChild, step.state);
  setText(took, tookOf(step, serverTime()));
  setText(rows, step.state === 'done' ? count(step.rows) : '');
  setText(message, [step.attempt > 1 ? `attempt ${step.attempt}` : '', step.message].filter(Boolean).join(': '));
}

function logLine(line) {
  const at = h('time', { class: 'quiet', datetime: line.at }, line.at.slice(11, 19));
  return h('li', {}, at, h('span', { class: 'quiet' }, line.table), h('span', {}, line.text));
}
