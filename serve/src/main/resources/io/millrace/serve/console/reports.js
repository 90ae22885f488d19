// The page of reports: what each is for.

import { h, keep } from './dom.js';
import { card, errorLine, nothing, table } from './parts.js';
import { get } from './server.js';

export async function open(frame, signal) {
  const list = table('Reports', ['Report', 'What it is for']);
  const none = nothing('This project has no reports. They are files reports/NAME.yaml.');
  const { element } = card('Reports', none, list.element);
  none.hidden = true;
  list.element.hidden = true;
  frame.append(element);
  try {
    const reports = await get('/api/reports', signal);
    none.hidden = reports.length > 0;
    list.element.hidden = reports.length === 0;
    keep(list.body, reports, (report) => report.name, row, () => {});
  } catch (error) {
    if (!signal.aborted) {
      element.append(errorLine(error.message));
    }
  }
}

function row(report) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('a', { href: `#/reports/${report.name}` }, report.title)),
    h('td', { class: 'words quiet' }, report.description),
  );
}
