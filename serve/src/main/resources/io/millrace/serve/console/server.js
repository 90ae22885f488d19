// How the pages ask their server: one question, or the same one again until the page is left.

const RETRY_AT_MOST = 5000;
const PATIENCE = 20000;

let clockSkew = 0;

/** The headers of a request, with the key that was given for this tab, if there is one. */
export function authorized(headers = {}) {
  const key = sessionStorage.getItem('read-key');
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

/** Keeps the key to read with, until the tab is closed. */
export function keepKey(key) {
  sessionStorage.setItem('read-key', key);
}

/** The answer to a GET; an error of the API becomes an Error with its sentence. */
export async function get(path, signal = AbortSignal.timeout(PATIENCE)) {
  return answer(await fetch(path, { headers: authorized(), signal }));
}

/**
 * Asks the server to do something.
 *
 * @param revive (key, value, context) => what JSON.parse makes of a value
 */
export async function post(path, body = {}, revive = undefined) {
  const headers = authorized({ 'Content-Type': 'application/json' });
  return answer(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }), revive);
}

async function answer(response, revive = undefined) {
  const body = JSON.parse(await response.text(), revive);
  if (!response.ok) {
    throw new Error(body.error);
  }
  return body;
}

/** Repeats a task until the signal: at its interval, slower while it fails, not when hidden. */
export async function repeat(interval, task, signal) {
  let failures = 0;
  while (!signal?.aborted) {
    if (!document.hidden) {
      failures = (await task()) ? 0 : failures + 1;
    }
    const pause = failures ? Math.min(RETRY_AT_MOST, 500 * 2 ** failures) : interval;
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

/**
 * Asks again and again until the signal, and shows each answer.
 *
 * @param fail (error) => void
 */
export function follow(path, interval, show, fail, signal) {
  return repeat(interval, task(path, show, fail, signal), signal);
}

/** A task of {@link repeat}: whether it went well. What comes after the signal is not shown. */
export function task(path, show, fail = () => {}, signal = null) {
  return async () => {
    try {
      const body = await get(path);
      if (!signal?.aborted) {
        show(body);
      }
      return true;
    } catch (error) {
      if (!signal?.aborted) {
        fail(error);
      }
      return false;
    }
  };
}

/** Learns the server's clock from an instant it just said. */
export function learnTime(instant) {
  clockSkew = Date.parse(instant) - Date.now();
}

/** The server's clock, in milliseconds. */
export function serverTime() {
  return Date.now() + clockSkew;
}
