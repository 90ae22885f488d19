// Where rows come from and where they go: tables in layers from left to right, a line for each read.

import { h, s } from './dom.js';
import { addressOf, card, errorLine, nothing } from './parts.js';
import { get } from './server.js';

const WIDTH = 208;
const HEIGHT = 40;
const LINE = 17;
const GAP_X = 64;
const GAP_Y = 14;
const EDGE = 6;
const STEPS = [1, 2, 3];
const COLUMNS_SHOWN = 6;
const NAME_LENGTH = 27;

/** The card of an asset's lineage; {@code choose(column)} follows one column of it, null none. */
export function lineageCard(name, signal) {
  const { element, heading } = card('Lineage');
  const chosen = h('p', { class: 'quiet', role: 'status' });
  const frame = h('div', { class: 'scroll lineage', role: 'region', 'aria-label': 'Lineage', tabindex: '0' });
  const buttons = STEPS.map((steps) =>
    h('button', { type: 'button', 'aria-pressed': String(steps === 2), onclick: () => load({ steps }) }, String(steps)),
  );
  heading.append(chosen, h('div', { class: 'switch', role: 'group', 'aria-label': 'Steps shown' }, ...buttons));
  const notes = h('ul', { class: 'quiet notes' });
  element.append(frame, notes);
  const view = { steps: 2, column: null };

  async function load(change) {
    Object.assign(view, change);
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(STEPS[index] === view.steps)));
    chosen.textContent = view.column ? `of column ${view.column}` : '';
    try {
      const column = view.column ? `&column=${encodeURIComponent(view.column)}` : '';
      const graph = await get(`/api/assets/${encodeURIComponent(name)}/lineage?steps=${view.steps}${column}`, signal);
      frame.replaceChildren(graph.tables.length > 1 ? picture(name, graph) : nothing('It reads nothing, and nothing reads it.'));
      notes.replaceChildren(...graph.notes.map((note) => h('li', {}, note)));
      frame.querySelector('.focus')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    } catch (error) {
      if (!signal.aborted) {
        frame.replaceChildren(errorLine(error.message));
      }
    }
  }

  load({});
  return { element, choose: (column) => load({ column }) };
}

function picture(name, graph) {
  const nodes = layout(name, graph);
  const right = Math.max(...nodes.map((node) => node.x)) + WIDTH + EDGE;
  const bottom = Math.max(...nodes.map((node) => node.y + node.height)) + EDGE;
  const at = new Map(nodes.map((node) => [node.name, node]));
  const followed = graph.columns.length > 0;
  const edges = graph.edges.map(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return edge(a, b, followed && !(a.columns.length && b.columns.length));
  });
  return s(
    'svg',
    { width: right, height: bottom, viewBox: `0 0 ${right} ${bottom}`, role: 'group', 'aria-label': `Tables around ${name}` },
    ...edges,
    ...nodes.map((node) => box(node, name, followed)),
  );
}

/** Gives each table a layer by its longest way from the asset, and a place beside its neighbours. */
function layout(name, { tables, edges, columns }) {
  const nodes = tables.map((table) => ({
    ...table,
    columns: columns.filter((column) => column.table === table.name && !column.decides),
    decides: columns.some((column) => column.table === table.name && column.decides),
    layer: 0,
    y: 0,
  }));
  const at = new Map(nodes.map((node) => [node.name, node]));
  const links = edges.map(({ from, to }) => [at.get(from), at.get(to)]);
  rank(nodes, links, at.get(name));
  const first = Math.min(...nodes.map((node) => node.layer));
  const layers = [];
  for (const node of nodes) {
    node.layer -= first;
    const lines = Math.min(node.columns.length, COLUMNS_SHOWN + 1);
    node.height = HEIGHT + (lines ? lines * LINE + 4 : 0);
    (layers[node.layer] ??= []).push(node);
  }
  order(layers, links);
  layers.forEach((layer, index) => layer.forEach((node) => (node.x = EDGE + index * (WIDTH + GAP_X))));
  return nodes;
}

/** Upstream tables get layers below that of the asset, downstream tables above it. */
function rank(nodes, links, centre) {
  const reach = (next) => {
    const found = new Set([centre]);
    for (const node of found) {
      next(node).forEach((one) => found.add(one));
    }
    return found;
  };
  const readersOf = (node) => links.filter(([a]) => a === node).map(([, b]) => b);
  const readBy = (node) => links.filter(([, b]) => b === node).map(([a]) => a);
  const downstream = reach(readersOf);
  const upstream = reach(readBy);
  // Once for each table is enough for the longest way there can be.
  nodes.forEach(() =>
    links.forEach(([a, b]) => {
      if (downstream.has(a) && downstream.has(b)) {
        b.layer = Math.max(b.layer, a.layer + 1);
      } else if (upstream.has(a) && upstream.has(b)) {
        a.layer = Math.min(a.layer, b.layer - 1);
      }
    }),
  );
}

/** Puts each table at the mean height of its neighbours, to and fro, then apart. */
function order(layers, links) {
  layers.forEach((layer) => stack(layer));
  for (let round = 0; round < 6; round++) {
    const sweep = round % 2 ? [...layers].reverse() : layers;
    for (const layer of sweep) {
      const wish = new Map(layer.map((node) => [node, wished(node, links)]));
      layer.sort((a, b) => wish.get(a) - wish.get(b) || a.name.localeCompare(b.name));
      stack(layer);
    }
  }
  const tallest = Math.max(...layers.map(heightOf));
  layers.forEach((layer) => layer.forEach((node) => (node.y += (tallest - heightOf(layer)) / 2)));
}

function wished(node, links) {
  const near = links.filter((link) => link.includes(node)).map(([a, b]) => (a === node ? b : a));
  return near.length ? near.reduce((sum, one) => sum + one.y + one.height / 2, 0) / near.length : node.y;
}

function stack(layer) {
  let y = EDGE;
  for (const node of layer) {
    node.y = y;
    y += node.height + GAP_Y;
  }
}

function heightOf(layer) {
  return layer.reduce((sum, node) => sum + node.height + GAP_Y, 0);
}

function edge(a, b, faint) {
  const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2];
  const bend = Math.max(GAP_X / 2, (x2 - x1) / 2);
  return s('path', {
    class: faint ? 'edge faint' : 'edge',
    d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
  });
}

function box(node, centre, followed) {
  const [layer, name] = node.name.split('.');
  const hidden = node.columns.length - COLUMNS_SHOWN;
  const names = node.columns.map(({ column, pii }) => (column === '*' ? 'its rows' : pii ? `${column} (pii)` : column));
  const lines = hidden > 1 ? [...names.slice(0, COLUMNS_SHOWN), `and ${hidden} more`] : names;
  const state = [node.name === centre ? 'focus' : '', followed && !node.columns.length ? 'faint' : ''];
  const decides = node.decides ? ['decides which rows there are'] : [];
  const kind = node.kind?.replaceAll('_', ' ') ?? 'kept by Millrace';
  return s(
    node.kind ? 'a' : 'g',
    { href: node.kind && addressOf(node.name), class: `node kind-${node.kind} ${state.join(' ')}`, transform: `translate(${node.x} ${node.y})` },
    s('title', {}, [node.name, kind, ...names, ...decides].join('\n')),
    s('rect', { class: 'box', width: WIDTH, height: node.height, rx: 9 }),
    s('rect', { class: 'stripe', x: 0, y: 8, width: 3, height: HEIGHT - 16, rx: 1.5 }),
    s('text', { class: 'layer', x: 13, y: 16 }, `${layer} \u00b7 ${kind}`),
    s('text', { class: 'label', x: 13, y: 32 }, shortened(name)),
    ...lines.map((column, index) => s('text', { class: 'column', x: 13, y: HEIGHT + 12 + index * LINE }, shortened(column))),
  );
}

function shortened(text) {
  return text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH - 1)}\u2026` : text;
}
