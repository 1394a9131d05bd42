// The alerts and the current state of the queues on the wall, above and beside the figures of the period.
import { h, patch } from '../../display/elements.js';
import { figureText } from '../../display/format.js';
import { isQueueOverdue, isWithoutAgent } from '../../live/attention.js';
import { totalsOf } from '../../live/liveQueues.js';
import { alertsOf, alertText, keyOf } from '../now/alertList.js';
import { figuresOfAll, figuresOfQueue, liveText, noQueue, notesOf, people, sortedQueues } from '../now/liveQueueTable.js';
import { situationOf } from '../now/liveStatus.js';

/** More alerts or queues would be too small to read from a distance. */
const maxAlerts = 2;
const maxQueues = 6;

/** The containers on the wall. They keep their elements when the wall is rendered again. */
export const wallPlaces = {
  state: h('p', { id: 'wall-live', class: 'wall-live' }),
  alerts: h('ul', { id: 'wall-alerts', class: 'wall-alerts', 'aria-label': 'Alerts', hidden: true }),
  figures: h('ul', { id: 'wall-now', class: 'wall-now', 'aria-label': 'Now', hidden: true }),
  rows: h('section', { id: 'wall-rows', class: 'wall-rows', 'aria-label': 'Details of the current state', hidden: true }),
};

let queueId = null;

/** @param id the queue on the wall, or null for all queues */
export function setWallQueue(id) {
  queueId = id;
}

export function showWallLive(state, directory, live, now) {
  const { state: place, alerts: alertsPlace, figures, rows } = wallPlaces;
  showWallAlerts(alertsPlace, alertsOf(queueId === null ? state : { ...state, queueId: [queueId] }, directory).filter(alert => alert.state === 'firing'), directory);
  const isRefused = live.status === 'refused';
  for (const element of [place, figures, rows]) element.hidden = isRefused;
  if (isRefused) return;
  const { time, isCurrent, words, age } = situationOf(live, state.timeZone, now);
  const isKnown = live.observations.heardAt !== null;
  const queues = live.observations.queuesAt(time, queueId === null ? state.queueId : [queueId]);
  const queue = queues[0] ?? noQueue;
  for (const element of [figures, rows]) element.classList.toggle('not-current', !isCurrent);
  place.classList.toggle('bad', !isCurrent);
  patch(place, h('span', { class: `lamp ${isCurrent ? 'on' : ''}`, 'aria-hidden': 'true' }), h('span', { id: 'now-status', role: 'status' }, words), h('span', {}, age ? `, ${age}` : ''),
    live.observations.complete ? null : h('span', { class: 'bad', 'data-key': 'incomplete' }, '. Incomplete: some figures are missing'));
  patch(figures, (queueId === null ? figuresOfAll(totalsOf(queues), directory) : figuresOfQueue(queue, directory)).map(figure => wallFigure(figure, isKnown)));
  patch(rows, queueId === null ? listOf(queues, directory) : people('Agents by routing status', Object.entries(queue.agents?.byRoutingStatus ?? {})));
}

const wallFigure = (figure, isKnown) => h('li', {
  class: `wall-figure ${liveText(figure).length > 5 ? 'long' : ''} ${figure.needsAttention ? 'missed' : ''}`, 'data-key': figure.field, 'data-live': figure.field, 'data-value': isKnown ? figure.value ?? '' : '',
},
h('span', { class: 'name' }, figure.title), h('span', { class: 'value' }, isKnown ? liveText(figure) : '–'), h('span', { class: 'remarks' }, isKnown ? notesOf(figure) : null));

const listOf = (queues, directory) => h('table', { 'data-key': 'queues' },
  h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Queue'), ['Waiting', 'Longest', 'On queue', 'Idle'].map(title => h('th', { scope: 'col', class: 'number' }, title)))),
  h('tbody', {}, sortedQueues(queues, directory).slice(0, maxQueues).map(queue => h('tr', { 'data-key': queue.queueId, class: queue.waiting > 0 ? null : 'nothing' },
    h('th', { scope: 'row' }, queue.queueName),
    h('td', { class: 'number' }, figureText(queue.waiting, 'count')),
    h('td', { class: `number ${isQueueOverdue(queue, directory) ? 'attention' : ''}` }, liveText({ value: queue.longestWaitMs, unit: 'wait' })),
    h('td', { class: `number ${isWithoutAgent(queue) ? 'attention' : ''}` }, figureText(queue.agents?.onQueue, 'count')),
    h('td', { class: 'number' }, figureText(queue.agents?.idle, 'count'))))));

function showWallAlerts(place, alerts, directory) {
  place.hidden = alerts.length === 0;
  patch(place,
    alerts.slice(0, maxAlerts).map(alert => h('li', { 'data-key': keyOf(alert) }, alertText(alert, directory))),
    alerts.length > maxAlerts ? h('li', { 'data-key': 'more' }, `and ${alerts.length - maxAlerts} more`) : null);
}
