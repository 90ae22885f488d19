// What several pages are made of: cards, tables, states, and links to what is listed.

import { h, setText } from './dom.js';

const GRADES = {
  done: 'good',
  passed: 'good',
  running: 'active',
  waiting: 'waiting',
  wanted: 'waiting',
  stale: 'waiting',
  warned: 'waiting',
  skipped: 'waiting',
  held: 'waiting',
  failed: 'bad',
};

/** A state as a word beside a dot; the colour repeats what the word says. */
export function badge(state) {
  const element = h('span', { class: 'badge' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span'));
  showState(element, state);
  return element;
}

/** Says another state with the same badge. */
export function showState(element, state) {
  element.hidden = !state;
  element.dataset.state = GRADES[state] ?? 'none';
  setText(element.lastChild, (state ?? '').replaceAll('_', ' '));
}

/** A titled part of a page. */
export function card(title, ...children) {
  const heading = h('div', { class: 'heading' }, h('h2', {}, title));
  const element = h('div', { class: 'card' }, heading, ...children);
  return { element, heading };
}

/** A table that scrolls by itself; a column whose name starts with # holds numbers. */
export function table(label, columns, ...rows) {
  const header = columns.map((name) =>
    h('th', { scope: 'col', class: name.startsWith('#') ? 'number' : null }, name.replace('#', '')),
  );
  const body = h('tbody', {}, ...rows);
  const element = h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' },
    h('table', {}, h('thead', {}, h('tr', {}, ...header)), body),
  );
  return { element, body };
}

/** A name of the form layer.name; the layer is the quieter part. */
export function nameOf(name) {
  const dot = name.indexOf('.');
  return [h('span', { class: 'quiet' }, name.slice(0, dot + 1)), name.slice(dot + 1)];
}

export function addressOf(asset) {
  return `#/assets/${encodeURIComponent(asset)}`;
}

export function assetLink(name) {
  return h('a', { class: 'name', href: addressOf(name), title: name }, ...nameOf(name));
}

/** A line in place of what is not there. */
export function nothing(text) {
  return h('p', { class: 'quiet nothing' }, text);
}

export function errorLine(text) {
  return h('p', { class: 'error', role: 'alert' }, text);
}
