// The balances that the project declares: what went into its models, and what became of it.

import { h, keep } from './dom.js';
import { amount } from './format.js';

const STATES = {
  holds: ['holds', '\u2713 holds'],
  breached: ['fails', '\u2717 does not hold'],
  behind: ['', 'behind'],
  failed: ['fails', '\u2717 cannot be counted'],
  not_built: ['', 'not built yet'],
};

export function showConserved(list, balances) {
  list.hidden = balances.length === 0;
  keep(
    list,
    balances,
    (one) => one.balance,
    () => h('li'),
    showOne,
  );
}

function showOne(item, balance) {
  const [className, outcome] = STATES[balance.state];
  item.className = className;
  item.replaceChildren(
    h('h3', { title: balance.description }, balance.balance),
    h('p', { class: 'parts' }, ...parts(balance)),
    h(
      'p',
      { class: 'outcome' },
      h('b', { class: 'outcome-text' }, outcome),
      balance.release === null ? '' : h('span', { class: 'quiet' }, `release ${balance.release}`),
    ),
    balance.sentence === null
      ? ''
      : h('p', { class: balance.broken ? 'error' : 'quiet' }, balance.sentence),
  );
}

function parts(balance) {
  if (balance.in === null) {
    return [h('span', { class: 'quiet' }, balance.description)];
  }
  const equals = balance.difference === 0 ? '=' : '\u2260';
  return [
    part('', balance.in, balance.unit),
    ...balance.out.map((one, position) => part(position ? '+' : equals, one, balance.unit)),
  ];
}

function part(sign, one, unit) {
  const reasons = one.reasons.map((why) => `${why.reason}: ${amount(why.amount)}`).join('\n');
  return h(
    'span',
    { class: 'part', ...(reasons ? { title: reasons } : {}) },
    h('span', { class: 'sign' }, sign),
    h(
      'span',
      { class: 'amount' },
      h('b', {}, amount(one.amount)),
      h('small', {}, `${unit} ${one.name}`),
    ),
  );
}
