// The page of all assets: tables of streams, models and seeds, with how fresh and how well they are.

import { h, keep, setText } from './dom.js';
import { ago, count } from './format.js';
import { assetLink, badge, card, errorLine, nothing, showState, table } from './parts.js';
import { follow, serverTime } from './server.js';

const EVERY = 5000;
const LAYERS = ['bronze', 'silver', 'gold', 'quarantine', 'ops'];

/** @param words what the filter has to begin with */
export function open(frame, signal, words) {
  const filter = h('input', {
    type: 'search',
    class: 'filter',
    'aria-label': 'Filter assets',
    placeholder: 'Filter by name, kind, owner, tag or state',
    spellcheck: 'false',
    value: words,
  });
  const shown = h('p', { class: 'quiet', role: 'status' });
  const list = table('Assets', ['Name', 'Kind', '#Rows', '#Last commit', 'Build', 'Owner', 'Tags']);
  const { element, heading } = card('Assets', list.element);
  heading.append(filter, shown);
  frame.append(element);

  let assets = null;
  const show = () => {
    if (!assets) {
      return;
    }
    const found = assets.filter(matching(filter.value));
    const now = serverTime();
    keep(list.body, found, (asset) => asset.name, row, (element, asset) => update(element, asset, now));
    setText(shown, sentence(found.length, assets.length));
    list.element.hidden = assets.length === 0;
  };
  filter.addEventListener('input', show);
  follow(
    '/api/assets',
    EVERY,
    (answer) => {
      if (answer.length === 0 && !assets) {
        element.append(nothing('This project has no streams and no models yet.'));
      }
      assets = answer.sort(byLayer);
      show();
    },
    (error) => assets ?? element.append(errorLine(error.message)),
    signal,
  );
}

function byLayer(a, b) {
  return layerOf(a) - layerOf(b) || a.name.localeCompare(b.name);
}

function layerOf(asset) {
  const position = LAYERS.indexOf(asset.name.split('.')[0]);
  return position < 0 ? LAYERS.length : position;
}

/** Each word must be somewhere in what the list shows of an asset. */
function matching(text) {
  const words = text.toLowerCase().split(/\s+/);
  return (asset) => {
    const shown = [asset.name, kindOf(asset), asset.owner, asset.build?.state ?? '', ...asset.tags];
    const all = shown.join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

function sentence(found, all) {
  return found === all ? `${count(all)}` : `${count(found)} of ${count(all)}`;
}

export function kindOf(asset) {
  return asset.kind.replaceAll('_', ' ');
}

function row(asset) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, assetLink(asset.name)),
    h('td'),
    h('td', { class: 'number' }),
    h('td', { class: 'number' }),
    h('td', {}, badge(null), h('span', { class: 'quiet more' })),
    h('td'),
    h('td', { class: 'tags' }),
  );
}

function update(element, asset, now) {
  const [, kind, rows, committed, build, owner, tags] = element.children;
  setText(kind, kindOf(asset));
  setText(rows, asset.rows === null ? '' : count(asset.rows));
  setText(committed, asset.rows === null ? '' : ago(asset.committed_at, now));
  showState(build.firstChild, asset.build?.state);
  setText(build.lastChild, more(asset.build));
  setText(owner, asset.owner);
  setText(tags, asset.tags.join(', '));
}

/** What the state of a build leaves open: how many intervals. */
function more(build) {
  if (!build) {
    return '';
  }
  const open = Object.entries(build.intervals).filter(([state]) => state !== 'done');
  const all = Object.values(build.intervals).reduce((sum, one) => sum + one, 0);
  return all > 1 ? open.map(([state, number]) => `${count(number)} ${state}`).join(', ') : '';
}
