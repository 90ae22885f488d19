// The Practice tab: the project's SQL tasks, solved in the SQL box and graded by the server. What was solved, and the
// text of each answer, stay in this browser.

import { byId, h, setText } from './dom.js';
import { count } from './format.js';
import { bodyRows, exact, headerCells } from './result.js';
import { post } from './server.js';

const ADDRESS = /^#practice(?:\/([a-z0-9_]+))?$/;

let project = '';
let tasks = [];
let chosen = null;
let question = '';

/** Offers the tasks, if the project has any. */
export async function offerPractice(get) {
  try {
    ({ project, tasks } = await get('/api/practice'));
  } catch {
    setTimeout(() => offerPractice(get), 2000);
    return;
  }
  if (tasks.length) {
    byId('sql-mode').hidden = false;
    byId('practice').replaceChildren(chooser(), h('div', { id: 'task' }));
    goTo(location.hash);
    window.addEventListener('hashchange', () => goTo(location.hash));
  }
}

// Progress

function key() {
  return `practice/${project}`;
}

function progress() {
  return { solved: {}, answers: {}, ...JSON.parse(localStorage.getItem(key()) ?? '{}') };
}

function remember(change) {
  const now = progress();
  change(now);
  localStorage.setItem(key(), JSON.stringify(now));
}

function showProgress() {
  const { solved } = progress();
  const done = tasks.filter((task) => solved[task.name]).length;
  setText(byId('solved'), `${count(done)} of ${count(tasks.length)} solved`);
  for (const option of byId('tasks').options) {
    const task = named(option.value);
    setText(option, `${solved[task.name] ? '\u2713 ' : ''}${task.title}`);
  }
}

// Choosing

function named(name) {
  return tasks.find((task) => task.name === name);
}

function chooser() {
  const levels = [...new Set(tasks.map((task) => task.difficulty))].sort();
  const group = (level) =>
    h(
      'optgroup',
      { label: `Difficulty ${level}` },
      ...tasks.filter((task) => task.difficulty === level).map((task) => h('option', { value: task.name }, task.title)),
    );
  return h(
    'p',
    { class: 'chooser' },
    h('label', { for: 'tasks' }, 'Task'),
    h('select', { id: 'tasks', onchange: (event) => choose(event.target.value) }, ...levels.map(group)),
    h('span', { id: 'solved', class: 'quiet' }),
  );
}

/** Opens the tab at an address such as `#practice/top_customers`. */
function goTo(address) {
  const match = ADDRESS.exec(address);
  if (match) {
    practise(match[1]);
    byId('sql').scrollIntoView();
  }
}

function practise(name) {
  const { solved } = progress();
  show(true);
  choose((named(name) ?? chosen ?? tasks.find((task) => !solved[task.name]) ?? tasks[0]).name);
}

function ask() {
  show(false);
  chosen = null;
  byId('statement').value = question;
}

function show(practising) {
  if (practising && !chosen) {
    question = byId('statement').value;
  }
  byId('ask').setAttribute('aria-pressed', String(!practising));
  byId('practise').setAttribute('aria-pressed', String(practising));
  byId('practice').hidden = !practising;
  byId('check').hidden = !practising;
  byId('examples').hidden = practising;
  for (const id of ['grade', 'result', 'query-error']) {
    byId(id).hidden = true;
  }
}

function choose(name) {
  chosen = named(name);
  byId('tasks').value = name;
  byId('task').replaceChildren(...about(chosen));
  byId('statement').value = progress().answers[name] ?? '';
  byId('grade').hidden = true;
  showProgress();
}

function about(task) {
  const tables = task.tables.flatMap((table) => [' ', h('a', { href: `#/assets/${table}` }, table)]);
  const order = task.order_by.length ? 'The order of the rows counts.' : 'Rows may come in any order.';
  return [
    h('p', { class: 'text' }, task.text),
    h('p', { class: 'quiet' }, 'Tables:', ...tables, ` \u00b7 ${order} \u00b7 ${task.tags.join(', ')}`),
    ...task.hints.map((hint, index) => h('details', {}, h('summary', {}, `Hint ${index + 1}`), hint)),
  ];
}

// Grading

async function check() {
  const task = chosen;
  const button = byId('check');
  button.disabled = true;
  try {
    const grade = await post(`/api/practice/${task.name}`, { sql: byId('statement').value }, exact);
    if (grade.right) {
      remember((now) => {
        now.solved[task.name] = new Date().toISOString();
      });
    }
    showGrade(grade.right ? 'good' : 'bad', h('p', {}, grade.sentence), ...differences(grade));
    showProgress();
  } catch (error) {
    showGrade('bad', h('p', { class: 'error' }, error.message));
  } finally {
    button.disabled = false;
  }
}

function showGrade(state, ...children) {
  const grade = byId('grade');
  grade.dataset.state = state;
  grade.replaceChildren(...children);
  grade.hidden = false;
}

function differences(grade) {
  return [
    ...rows('Missing', grade.columns, grade.missing, grade.missing_rows),
    ...rows('Not asked for', grade.columns, grade.extra, grade.extra_rows),
  ];
}

function rows(title, columns, some, all) {
  if (!some.length) {
    return [];
  }
  const shown = some.length < all ? `, the first ${count(some.length)} of ${count(all)}` : '';
  const head = h('thead', {}, h('tr', {}, ...headerCells(columns)));
  const table = h('table', {}, head, h('tbody', {}, ...bodyRows(columns, some)));
  return [
    h('h3', {}, `${title}${shown}`),
    h('div', { class: 'scroll result', role: 'region', 'aria-label': title, tabindex: '0' }, table),
  ];
}

byId('ask').addEventListener('click', ask);
byId('practise').addEventListener('click', () => practise());
byId('check').addEventListener('click', check);
byId('statement').addEventListener('input', (event) => {
  if (chosen) {
    remember((now) => {
      now.answers[chosen.name] = event.target.value;
    });
  }
});
