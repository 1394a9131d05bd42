// The current state: the totals of the selection, and below them its queues, or the media types and agents of one queue.
import { byId, h, patch } from '../../display/elements.js';
import { absent, counterText, figureText, mediaTypeText, spokenText, wordText } from '../../display/format.js';
import { isOverdue, isQueueOverdue, isWithoutAgent } from '../../live/attention.js';
import { byWait, totalsOf } from '../../live/liveQueues.js';
import { distinguishingDivision, queueName } from '../../state/names.js';
import { printState } from '../../state/urlState.js';
import { liveStatus } from './liveStatus.js';

/** The list shows this many queues, if there are enough, so that nothing below it moves when waits change. */
const defaultRows = 8;

let showsAll = false;

/** @param rerender callback that is called when the user expands or collapses the list */
export function startLiveFigures(rerender) {
  byId('now').addEventListener('click', event => {
    if (!(event.target instanceof Element) || !event.target.closest('#now-all')) return;
    showsAll = !showsAll;
    rerender();
  });
}

/** @param directory the queues of GET /queues, with their names and service levels */
export function showLive(state, directory, live, now) {
  const section = byId('now');
  section.hidden = live.status === 'refused';
  if (section.hidden) return;
  const { time, isCurrent, heading, notes } = liveStatus(live, state.timeZone, now);
  const queues = live.observations.queuesAt(time);
  const singleQueue = state.queueId.length === 1 ? queues.find(queue => queue.queueId === state.queueId[0]) ?? noQueue : null;
  section.classList.toggle('not-current', !isCurrent);
  patch(section,
    h('div', { class: 'heading' }, h('h2', { id: 'now-title' }, 'Now'), heading), notes,
    live.observations.heardAt === null ? h('p', { class: 'loading', 'data-key': 'loading' }, 'Loading the current state…') : [
      h('ul', { class: 'now-figures', 'data-key': 'figures' }, (singleQueue ? figuresOfQueue(singleQueue, directory) : figuresOfAll(totalsOf(queues), directory)).map(figure => nowFigure(figure))),
      h('div', { class: 'now-details', 'data-key': 'details' }, singleQueue ? detailsOfQueue(singleQueue, directory) : listOf(state, queues, directory)),
    ]);
}

/** A queue without observations. */
export const noQueue = { media: [], agents: null, waiting: null, alerting: null, interacting: null, longestWaitMs: null, longest: null };

const conversationFigures = (row, directory, waitingNotes, longestNotes) => [
  { field: 'waiting', title: 'Waiting', value: row.waiting, isMain: true, notes: waitingNotes },
  {
    field: 'longestWaitMs', title: 'Longest wait', value: row.waiting === 0 ? 0 : row.longestWaitMs, unit: 'wait', isMain: true,
    notes: [...longestNotes, isOverdue(row.longest, directory) ? attention('outside service level') : null], needsAttention: isOverdue(row.longest, directory),
  },
  { field: 'alerting', title: 'Alerting', value: row.alerting, notes: [{ text: 'ringing' }] },
  { field: 'interacting', title: 'Interacting', value: row.interacting, notes: [{ text: 'with an agent' }] },
];

const attention = text => ({ text, needsAttention: true });

/** The figures of one queue, also used by the wall. */
export function figuresOfQueue(queue, directory) {
  const { onQueue = null, idle = null, members = null } = queue.agents ?? {};
  return [
    ...conversationFigures(queue, directory, [], [queue.longest ? { text: mediaTypeText(queue.longest.mediaType) } : null]),
    {
      field: 'onQueueUsers', title: 'On queue', value: onQueue, needsAttention: isWithoutAgent(queue),
      notes: [isWithoutAgent(queue) ? attention('no agent to answer') : members === null ? null : { text: `of ${figureText(members, 'count')} agents` }],
    },
    { field: 'idle', title: 'Idle', value: idle, notes: [{ text: 'ready' }] },
  ];
}

/** The figures of several queues, also used by the wall. They have no agents, because an agent can work in several queues. */
export function figuresOfAll(totals, directory) {
  const { longest } = totals;
  return conversationFigures(totals, directory,
    [{ text: `in ${figureText(totals.withWait, 'count')} of ${figureText(totals.queues, 'count')} queues` }, totals.withoutAgent > 0 ? attention(`${figureText(totals.withoutAgent, 'count')} without an agent`) : null],
    [longest ? { text: `${fullName(longest, directory)}, ${mediaTypeText(longest.mediaType).toLowerCase()}` } : null]);
}

export const liveText = ({ value, unit }) => (value === null ? absent : unit === 'wait' ? counterText(value) : figureText(value, 'count'));

export const spokenLiveText = ({ value, unit }) => spokenText(value, unit === 'wait' ? 'ms' : 'count');

/** The notes below a figure. */
export const notesOf = figure => figure.notes.filter(Boolean).map(({ text, needsAttention }) => h('span', { class: needsAttention ? 'note attention' : 'note', title: text }, text));

const nowFigure = figure => h('li', {
  class: `now-figure ${figure.isMain ? 'main' : ''} ${figure.needsAttention ? 'attention' : figure.value === 0 || figure.value === null ? 'nothing' : ''}`, 'data-key': figure.field, 'data-field': figure.field,
},
h('span', { class: 'name' }, figure.title),
h('span', { class: 'value', 'data-value': figure.value ?? '' }, h('span', { 'aria-hidden': 'true' }, liveText(figure)), h('span', { class: 'spoken' }, spokenLiveText(figure))),
h('span', { class: 'remarks quiet' }, notesOf(figure)));

/** The name of a queue, with its division if another queue has the same name. */
function fullName({ queueId, queueName: fallback }, directory) {
  const division = distinguishingDivision(queueId, directory);
  return queueName(queueId, directory, fallback) + (division ? ` (${division})` : '');
}

/** The queues with the names of the directory, the longest wait first, also used by the wall. */
export const sortedQueues = (queues, directory) => queues.map(queue => ({ ...queue, queueName: fullName(queue, directory) })).sort(byWait);

function listOf(state, queues, directory) {
  const sorted = sortedQueues(queues, directory);
  const shown = showsAll ? sorted : sorted.slice(0, defaultRows);
  return [
    columns('Queue'),
    h('ul', { class: 'now-rows', 'aria-label': 'Current state of the queues' }, shown.map(queue => row({
      key: queue.queueId, name: queue.queueName, link: printState({ ...state, queueId: [queue.queueId], divisionId: [], wall: false }), figures: queue,
      isOverdue: isQueueOverdue(queue, directory),
      note: [agentsText(queue), activityText(queue)],
      isWithoutAgent: isWithoutAgent(queue),
    }))),
    sorted.length > defaultRows ? h('button', { type: 'button', id: 'now-all', class: 'link', 'aria-expanded': String(showsAll) }, showsAll ? `Show ${defaultRows} queues` : `Show all ${sorted.length} queues`) : null,
  ];
}

/** The column headings, twice for the two columns of a wide screen. Screen readers skip them, because each row names its figures. */
const columns = title => h('div', { class: 'now-columns quiet', 'aria-hidden': 'true' }, [1, 2].map(() => h('div', {}, [title, 'Waiting', 'Longest'].map(heading => h('span', {}, heading)))));

const activityText = ({ alerting, interacting }) => [alerting > 0 ? `${alerting} alerting` : '', Number.isFinite(interacting) ? `${interacting} interacting` : ''].filter(Boolean).join(', ');

const agentsText = queue => (queue.agents === null || queue.agents.onQueue === null ? ''
  : queue.agents.onQueue === 0 ? 'no agent on queue' : `${queue.agents.onQueue} on queue${queue.agents.idle === null ? '' : `, ${queue.agents.idle} idle`}`);

function row({ key, name, link = null, figures, isOverdue: overdue, note, isWithoutAgent: lacksAgent = false }) {
  const wait = { value: figures.waiting > 0 ? figures.longestWaitMs : null, unit: 'wait' };
  return h('li', { class: `now-row ${figures.waiting > 0 ? '' : 'nothing'}`, 'data-key': key, 'data-row': key },
    h('span', { class: 'name' }, link ? h('a', { href: link, class: 'own-view', id: `now-${key}`, title: name }, name) : name),
    h('span', { class: 'value', 'data-field': 'waiting', 'data-value': figures.waiting ?? '' }, figureText(figures.waiting, 'count'), h('span', { class: 'spoken' }, ' waiting,')),
    h('span', { class: `value ${overdue ? 'attention' : ''}`, 'data-field': 'longestWaitMs', 'data-value': wait.value ?? '' },
      h('span', { 'aria-hidden': 'true' }, liveText(wait)), h('span', { class: 'spoken' }, wait.value === null ? figures.waiting > 0 ? 'longest wait unknown' : 'no wait' : `longest wait ${spokenLiveText(wait)}${overdue ? ', outside service level' : ''}`)),
    h('span', { class: 'note quiet' }, note.filter(Boolean).map((text, index) => [index > 0 ? ' · ' : '', h('span', { class: lacksAgent && index === 0 ? 'attention' : null }, text)])));
}

function detailsOfQueue(queue, directory) {
  const statuses = Object.entries(queue.agents?.byRoutingStatus ?? {});
  const presences = Object.entries(queue.agents?.byPresence ?? {});
  return [
    queue.media.length > 1 ? [
      columns('Media type'),
      h('ul', { class: 'now-rows', 'aria-label': 'Current state of the media types' }, queue.media.map(media => row({
        key: media.mediaType, name: mediaTypeText(media.mediaType), figures: media, isOverdue: isOverdue(media, directory), note: [activityText(media)],
      }))),
    ] : null,
    people('Agents by routing status', statuses), people('Members by presence', presences),
  ];
}

/** The number of agents in each state, also used by the wall. */
export const people = (title, counts) => (counts.length === 0 ? null : h('div', { class: 'now-people' },
  h('h3', {}, title),
  h('dl', {}, counts.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a).map(([name, count]) => h('div', { 'data-key': name }, h('dt', {}, wordText(name.toLowerCase().replaceAll('_', ' '))), h('dd', {}, figureText(count, 'count')))))));
