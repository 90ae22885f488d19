// How numbers and times are written.

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const ONE = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const MONEY = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(number) {
  return WHOLE.format(number);
}

/** With all its decimals, as money has to be. */
export function amount(number) {
  return EXACT.format(number);
}

/** With cents; what is less than one is not nothing. */
export function money(number) {
  return number > 0 && number < 0.01 ? '<\u202f0.01' : MONEY.format(number);
}

/** About how much: 1.4 GB. Nothing is no text. */
export function bytes(number) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, number ? Math.floor(Math.log2(number) / 10) : 0);
  return number ? `${(unit ? ONE : WHOLE).format(number / 1024 ** unit)}\u202f${units[unit]}` : '';
}

/** Seconds of work, with a tenth. */
export function seconds(number) {
  return ONE.format(number);
}

/** Events per second: tenths only where they matter. */
export function rate(number) {
  return number > 0 && number < 10 ? TENTHS.format(number) : WHOLE.format(number);
}

/** For an axis: 1.5K. */
export function short(number) {
  return SHORT.format(number);
}

/** How long, in its largest unit: 3 s, 4 min, 2 h, 5 d. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) {
    return `${seconds}\u202fs`;
  }
  if (seconds < 7200) {
    return `${Math.floor(seconds / 60)}\u202fmin`;
  }
  if (seconds < 172800) {
    return `${Math.floor(seconds / 3600)}\u202fh`;
  }
  return `${Math.floor(seconds / 86400)}\u202fd`;
}

/** How long something took: tenths of a second where they matter. */
export function elapsed(milliseconds) {
  return milliseconds < 10000 ? `${(milliseconds / 1000).toFixed(1)}\u202fs` : duration(milliseconds);
}

export function ago(instant, now) {
  return instant ? `${duration(now - Date.parse(instant))} ago` : '\u2013';
}

/** 1 row, 2 rows. */
export function rows(number) {
  return `${count(number)} ${number === 1 ? 'row' : 'rows'}`;
}
