// The console: says whether the project is well, and opens the page that the address names.

import * as asset from './asset.js';
import * as assets from './assets.js';
import * as cost from './cost.js';
import { byId, setText } from './dom.js';
import * as home from './home.js';
import { showIncidents } from './incidents.js';
import * as report from './report.js';
import * as reports from './reports.js';
import * as run from './run.js';
import * as runs from './runs.js';
import { follow, learnTime } from './server.js';

const STATUS_EVERY = 2000;

/** Pages by the first word of the address; each has one of all and one of each, if there is one of each. */
const PAGES = {
  assets: { all: assets, one: asset, title: 'Assets' },
  runs: { all: runs, one: run, title: 'Runs' },
  reports: { all: reports, one: report, title: 'Reports' },
  cost: { all: cost, one: cost, title: 'Cost' },
};

let status = null;
let page = null;
let leaving = new AbortController();

// Health

function showHealth(state, text) {
  byId('health').dataset.state = state;
  setText(byId('health-text'), text);
}

function showStatus(now) {
  status = now;
  learnTime(now.at);
  document.body.classList.remove('offline');
  setText(byId('project'), now.project);
  showTitle();
  const down = now.processes.some((process) => process.state === 'down');
  showHealth(now.ready ? 'good' : down ? 'bad' : 'waiting', now.ready ? 'Running' : now.waiting_for[0]);
  byId('health').title = now.waiting_for.join('\n');
  showIncidents(now.incidents);
  home.showStatus(now);
}

function reconnecting() {
  document.body.classList.add('offline');
  showHealth('waiting', status ? 'Reconnecting\u2026' : 'Connecting\u2026');
}

// Pages

/** The page of an address: `#/assets/gold.daily_sales`, `#/assets?failed`. A place on the first page has no slash. */
function pageOf(hash) {
  const [path, words = ''] = hash.startsWith('#/') ? hash.slice(2).split('?') : [''];
  const [section, name] = path.split('/');
  return { section: section in PAGES ? section : '', name: name ? decode(name) : null, words: decode(words) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showTitle() {
  const { section, name } = page;
  const parts = [name, PAGES[section]?.title, status?.project, 'Millrace'];
  document.title = parts.filter(Boolean).join(' \u00b7 ');
}

function open() {
  const next = pageOf(location.hash);
  const same = page && next.section === page.section && next.name === page.name && next.words === page.words;
  const first = page === null;
  page = next;
  if (!same) {
    leaving.abort();
    leaving = new AbortController();
    show(first);
  }
  if (!page.section) {
    byId(location.hash.slice(1))?.scrollIntoView();
  }
}

function show(first) {
  const { section, name, words } = page;
  const frame = byId('page');
  byId('home').hidden = Boolean(section);
  frame.hidden = !section;
  frame.replaceChildren();
  showTitle();
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.dataset.section === section;
    current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  if (section) {
    const { all, one } = PAGES[section];
    name ? one.open(frame, leaving.signal, name) : all.open(frame, leaving.signal, words);
  } else {
    home.open(leaving.signal);
  }
  if (!first) {
    window.scrollTo(0, 0);
    byId('main').focus({ preventScroll: true });
  }
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
window.addEventListener('hashchange', open);
open();
follow('/api/status', STATUS_EVERY, showStatus, reconnecting);
