// How the past of streams was changed: tables that were rebuilt, and people who were erased.

import { h, keep, setText } from './dom.js';
import { ago, count, elapsed } from './format.js';
import { assetLink, badge, card, showState, table } from './parts.js';
import { follow, serverTime } from './server.js';

const EVERY = 30000;

/** The rest of a seal is for machines. */
const SEAL_SHOWN = 12;

/** Adds a card of each to a page, once there is one of it. */
export function showCorrections(frame, signal) {
  const rebuilds = listCard('Rebuilds', ['Of', '#Done', '#Commits', '#Accepted', '#Rejected', '#Repeated', '#Late', 'In the ledger']);
  const erasures = listCard('Erasures', ['Erasure', 'State', '#Begun', '#Took', '#People', '#Rows', 'Out of']);
  frame.append(rebuilds.element, erasures.element);
  follow(
    '/api/corrections',
    EVERY,
    (answer) => {
      const now = serverTime();
      rebuilds.show(answer.rebuilds, (one) => `${one.stream} ${one.commit}`, rebuildRow, (row, one) => showRebuild(row, one, now));
      erasures.show(answer.erasures ?? [], (one) => String(one.erasure), erasureRow, (row, one) => showErasure(row, one, now));
    },
    () => {},
    signal,
  );
}

function listCard(title, columns) {
  const list = table(title, columns);
  const { element } = card(title, list.element);
  element.hidden = true;
  const show = (items, key, create, update) => {
    element.hidden = items.length === 0;
    keep(list.body, items, key, create, update);
  };
  return { element, show };
}

function number() {
  return h('td', { class: 'number' });
}

function rebuildRow({ stream, commit, seal }) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, assetLink(`bronze.${stream}`)),
    ...[number(), number(), number(), number(), number(), number()],
    h('td', { class: 'quiet', title: seal }, `commit ${count(commit)}, sealed ${seal.slice(0, SEAL_SHOWN)}`),
  );
}

function showRebuild(row, one, now) {
  const [, done, commits, accepted, rejected, repeated, late] = row.children;
  setText(done, ago(one.at, now));
  setText(commits, `${count(one.first)} to ${count(one.last)}`);
  setText(accepted, count(one.accepted));
  setText(rejected, count(one.rejected));
  setText(repeated, count(one.repeated));
  setText(late, count(one.late));
}

function erasureRow({ erasure }) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, String(erasure)),
    h('td', {}, badge(null)),
    ...[number(), number(), number(), number()],
    h('td', { class: 'quiet words' }),
  );
}

function showErasure(row, one, now) {
  const [, state, begun, took, people, rows, tables] = row.children;
  showState(state.firstChild, one.ended ? 'done' : 'not done');
  setText(begun, ago(one.begun, now));
  setText(took, one.ended ? elapsed(Date.parse(one.ended) - Date.parse(one.begun)) : '');
  setText(people, count(one.people));
  setText(rows, count(one.streams.reduce((sum, part) => sum + part.rows, 0)));
  setText(tables, one.streams.map((part) => `${part.table} ${count(part.rows)}`).join(', '));
}
