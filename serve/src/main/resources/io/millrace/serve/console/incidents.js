// What is wrong now, above every page; a person says here that they know of it.

import { byId, h, keep, setText } from './dom.js';
import { ago, count } from './format.js';
import { post, serverTime } from './server.js';

/** Takes the incidents that are going on. */
export function showIncidents(incidents) {
  const list = byId('incidents');
  list.hidden = incidents.length === 0;
  keep(list, incidents, (incident) => String(incident.id), incidentItem, showIncident);
}

function incidentItem(incident) {
  const acknowledge = h('button', { type: 'button' }, 'Acknowledge');
  const problem = h('span', { class: 'error', role: 'alert' });
  acknowledge.addEventListener('click', async () => {
    acknowledge.disabled = true;
    try {
      await post(`/api/incidents/${incident.id}/acknowledge`);
      acknowledge.hidden = true;
    } catch (error) {
      acknowledge.disabled = false;
      setText(problem, error.message);
    }
  });
  return h(
    'li',
    { class: 'card' },
    h('p', { class: 'what' }, h('b', {}, incident.asset), ' ', h('span', {})),
    h('p', { class: 'quiet' }),
    h('p', {}, acknowledge, problem),
  );
}

function showIncident(item, incident) {
  const [what, detail, action] = item.children;
  const rows = incident.rows ? `, ${count(incident.rows)} rows` : '';
  const began = ago(incident.since, serverTime());
  setText(what.lastChild, incident.cause);
  setText(detail, `From ${incident.upstream}, began ${began}${rows}. ${incident.done}.`);
  action.firstChild.hidden = incident.acknowledged !== null;
  item.dataset.state = incident.acknowledged ? 'waiting' : 'bad';
}
