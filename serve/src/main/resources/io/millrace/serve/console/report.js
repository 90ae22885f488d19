// A report as the server draws it. It is asked for again when a tile may have other rows, and saved and printed as it is.

import { h, setText } from './dom.js';
import { errorLine } from './parts.js';
import { authorized, get, repeat } from './server.js';

const EVERY = 5000;

export function open(frame, signal, name) {
  const address = `/api/reports/${encodeURIComponent(name)}`;
  const shown = h('div');
  const failed = errorLine('');
  const files = h('p', { class: 'quiet saving' });
  failed.hidden = true;
  frame.append(h('div', { class: 'card' }, failed, shown, files));
  let tag = null;

  async function show() {
    try {
      const page = await load(`${address}/page`, tag, signal);
      if (page.document) {
        tag = page.tag;
        shown.replaceChildren(document.importNode(page.document.querySelector('.report'), true));
      }
      failed.hidden = true;
      return true;
    } catch (error) {
      if (!signal.aborted) {
        failed.hidden = false;
        setText(failed, error.message);
      }
      return false;
    }
  }

  repeat(EVERY, show, signal);
  offerFiles(address, name, files, signal);
}

/**
 * The page, parsed: a request of the old kind, because no text may become markup in this console.
 *
 * @param tag of the page that is shown; if it is still that one, there is no document
 */
function load(path, tag, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', path);
    request.responseType = 'document';
    const headers = authorized(tag ? { 'If-None-Match': tag } : {});
    Object.entries(headers).forEach(([header, value]) => request.setRequestHeader(header, value));
    request.onload = () =>
      request.status === 304 || request.status === 200
        ? resolve({ document: request.status === 200 && request.response, tag: request.getResponseHeader('ETag') })
        : resolve(get(path, signal));
    request.onerror = () => reject(new Error('The server does not answer.'));
    signal.addEventListener('abort', () => request.abort());
    request.send();
  });
}

async function offerFiles(address, name, line, signal) {
  try {
    const { tiles } = await get(address, signal);
    line.append(
      h('button', { type: 'button', class: 'plain', onclick: () => window.print() }, 'Print'),
      ' ',
      file(`${name}.html`, `${address}/page`),
      ...tiles.flatMap((tile, index) => [' ', file(`${name}-${index + 1}.csv`, `${address}/tiles/${index + 1}`)]),
    );
  } catch {
    // The report itself says what is wrong.
  }
}

/** By fetch, because a link would not take the read key with it. */
function file(name, address) {
  const save = async () => {
    const answer = await fetch(address, { headers: authorized() });
    const url = URL.createObjectURL(await answer.blob());
    h('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  return h('button', { type: 'button', class: 'plain', onclick: save }, name);
}
