// Events per second by stream: areas stacked on each other, so that the upper edge is the total.

import { h, s } from './dom.js';
import { rate, short } from './format.js';

const HEIGHT = 286;
const TOP = 14;
const BOTTOM = 24;
const COLOURS = 8;

/** The class that gives a stream its colour, by its position in the project. */
export function colour(position) {
  return `series-${position % COLOURS}`;
}

/** A round number at or above the largest value, for the top of the axis. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value);
}

export class RateChart {
  #frame;
  #svg = s('svg', { role: 'img', height: HEIGHT });
  #tip = h('div', { class: 'tip', role: 'status', hidden: true });
  #series = [];
  #pointed = null;

  constructor(frame) {
    this.#frame = frame;
    frame.append(this.#svg, this.#tip);
    frame.tabIndex = 0;
    frame.setAttribute('role', 'group');
    frame.setAttribute('aria-label', 'Chart of events per second; left and right read its values');
    new ResizeObserver(() => this.#draw()).observe(frame);
    frame.addEventListener('pointermove', (event) => this.#pointAt(event));
    frame.addEventListener('pointerleave', () => this.#point(null));
    frame.addEventListener('blur', () => this.#point(null));
    frame.addEventListener('keydown', (event) => this.#step(event));
  }

  /** Shows [{name, points}], points oldest first, null where there is no rate. */
  show(series) {
    this.#series = series;
    this.#draw();
  }

  get #length() {
    return this.#series[0]?.points.length ?? 0;
  }

  get #width() {
    return this.#frame.clientWidth;
  }

  #x(index) {
    return (index / Math.max(1, this.#length - 1)) * this.#width;
  }

  #y(value, top) {
    return TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  }

  /** The stack at each point: [0, first, first + second, ...]; null where nothing was read. */
  #stacks() {
    return Array.from({ length: this.#length }, (_, index) => {
      const values = this.#series.map((one) => one.points[index]);
      if (values.every((value) => value === null)) {
        return null;
      }
      const stack = [0];
      values.forEach((value) => stack.push(stack.at(-1) + (value ?? 0)));
      return stack;
    });
  }

  #draw() {
    if (!this.#width || !this.#length) {
      return;
    }
    const stacks = this.#stacks();
    const highest = Math.max(0, ...stacks.map((stack) => stack?.at(-1) ?? 0));
    const top = ceiling(highest);
    this.#svg.setAttribute('viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    this.#svg.setAttribute('width', this.#width);
    this.#svg.setAttribute('aria-label', this.#summary(stacks, highest));
    this.#svg.replaceChildren(
      ...this.#grid(top),
      ...this.#series.map((_, position) => this.#area(stacks, position, top)),
      ...this.#series.map((_, position) => this.#edge(stacks, position, top)),
      ...this.#times(),
      ...this.#pointer(stacks, top),
    );
  }

  #summary(stacks, highest) {
    const now = stacks.at(-1)?.at(-1) ?? 0;
    return `${rate(now)} events per second now, ${rate(highest)} at most in the last two minutes`;
  }

  #grid(top) {
    return [0, 0.5, 1].flatMap((share) => {
      const y = Math.round(this.#y(top * share, top)) + 0.5;
      const label = s('text', { class: 'axis', x: 0, y: y - 4 }, short(top * share));
      return [s('line', { class: 'grid', x1: 0, x2: this.#width, y1: y, y2: y }), share ? label : ''];
    });
  }

  #times() {
    return [
      ['start', 0, '2 min ago'],
      ['middle', 0.5, '1 min ago'],
      ['end', 1, 'now'],
    ].map(([anchor, share, text]) =>
      s('text', { class: 'axis', x: share * this.#width, y: HEIGHT - 6, 'text-anchor': anchor }, text),
    );
  }

  /** The stretches without a gap, each a list of indices. */
  #stretches(stacks) {
    const stretches = [[]];
    stacks.forEach((stack, index) => (stack ? stretches.at(-1).push(index) : stretches.push([])));
    return stretches.filter((stretch) => stretch.length > 0);
  }

  #area(stacks, position, top) {
    const path = this.#stretches(stacks).map((stretch) => {
      const point = (level) => (index) => `${this.#x(index)} ${this.#y(stacks[index][level], top)}`;
      const upper = stretch.map(point(position + 1));
      const lower = stretch.map(point(position)).reverse();
      return `M${[...upper, ...lower].join('L')}Z`;
    });
    return s('path', { class: `area ${colour(position)}`, d: path.join('') });
  }

  #edge(stacks, position, top) {
    const path = this.#stretches(stacks).map(
      (stretch) =>
        `M${stretch
          .map((index) => `${this.#x(index)} ${this.#y(stacks[index][position + 1], top)}`)
          .join('L')}`,
    );
    return s('path', { class: `edge ${colour(position)}`, d: path.join('') });
  }

  #pointAt(event) {
    const share = (event.clientX - this.#frame.getBoundingClientRect().left) / this.#width;
    this.#point(Math.round(share * (this.#length - 1)));
  }

  #step(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      this.#point((this.#pointed ?? this.#length - 1 - step) + step);
    } else if (event.key === 'Escape') {
      this.#point(null);
    }
  }

  #point(index) {
    this.#pointed = index === null ? null : Math.min(Math.max(index, 0), this.#length - 1);
    this.#tip.hidden = index === null;
    this.#draw();
  }

  #pointer(stacks, top) {
    const index = this.#pointed;
    if (index === null) {
      return [];
    }
    const x = this.#x(index);
    const stack = stacks[index];
    const lines = this.#series.map((one, position) =>
      h(
        'div',
        {},
        h('span', { class: `swatch ${colour(position)}` }),
        one.name,
        h('b', {}, one.points[index] === null ? 'not read' : rate(one.points[index])),
      ),
    );
    const seconds = this.#length - 1 - index;
    this.#tip.replaceChildren(h('p', {}, seconds ? `${seconds} s ago` : 'now'), ...lines.reverse());
    const space = this.#width - this.#tip.offsetWidth;
    this.#tip.style.left = `${Math.max(0, Math.min(space, x + (x > space - 16 ? -this.#tip.offsetWidth - 12 : 12)))}px`;
    const dots = stack
      ? this.#series.map((_, position) =>
          s('circle', { class: `dot ${colour(position)}`, cx: x, cy: this.#y(stack[position + 1], top), r: 3 }),
        )
      : [];
    return [s('line', { class: 'pointer', x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }), ...dots];
  }
}
