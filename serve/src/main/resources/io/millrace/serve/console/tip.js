// What a picture says of its marks, one at a time: under the pointer, or with left and right.

import { h } from './dom.js';

/**
 * Makes the marks of a frame readable, and returns the element that says them, to be put beside it.
 *
 * @param marks elements in the order in which they are read
 * @param tell (index) => what to say of a mark: nodes and texts
 */
export function readable(frame, marks, tell) {
  const tip = h('div', { class: 'tip', role: 'status', hidden: true });
  let pointed = null;

  function point(index) {
    marks[pointed]?.classList.remove('pointed');
    pointed = index === null ? null : Math.min(Math.max(index, 0), marks.length - 1);
    tip.hidden = pointed === null;
    if (pointed !== null) {
      marks[pointed].classList.add('pointed');
      tip.replaceChildren(...tell(pointed));
      place(tip, marks[pointed]);
    }
  }

  frame.tabIndex = 0;
  frame.setAttribute('role', 'group');
  frame.addEventListener('pointerover', (event) => {
    const index = marks.indexOf(event.target);
    point(index < 0 ? null : index);
  });
  frame.addEventListener('pointerleave', () => point(null));
  frame.addEventListener('blur', () => point(null));
  frame.addEventListener('scroll', () => point(null));
  frame.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = pointed === null ? marks.length - 1 : pointed + step;
      marks[Math.min(Math.max(next, 0), marks.length - 1)].scrollIntoView({ block: 'nearest', behavior: 'instant' });
      point(next);
    } else if (event.key === 'Escape') {
      point(null);
    }
  });
  return tip;
}

/** Beside its mark, on the side that has room. */
function place(tip, mark) {
  const space = tip.offsetParent.getBoundingClientRect();
  const at = mark.getBoundingClientRect();
  const right = at.right - space.left + 8;
  const left = at.left - space.left - tip.offsetWidth - 8;
  tip.style.left = `${right + tip.offsetWidth <= space.width ? right : Math.max(0, left)}px`;
  tip.style.top = `${at.top - space.top - 6}px`;
}
