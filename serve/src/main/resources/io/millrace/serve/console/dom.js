// The few ways in which this console makes elements. Text always becomes a text node and never
// markup: event data is written by strangers.

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element: h('td', {class: 'number'}, 'text', child). */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Sets the text only when it differs, so that selections and screen readers are left in peace. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Keeps one child per item, in order, and reuses the children that stay.
 *
 * @param create (item) => an element
 * @param update (element, item) => void
 */
export function keep(parent, items, key, create, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = new Set(items.map(key));
  // First, or each child after one that goes would be moved.
  known.forEach((child, name) => wanted.has(name) || child.remove());
  items.forEach((item, position) => {
    const name = key(item);
    const child = known.get(name) ?? create(item);
    child.dataset.key = name;
    update(child, item);
    if (parent.children[position] !== child) {
      parent.insertBefore(child, parent.children[position] ?? null);
    }
  });
}
