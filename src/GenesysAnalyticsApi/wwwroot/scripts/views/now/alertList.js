// The alerts that are firing, pending or unknown. Screen readers announce an alert once, when it fires.
import { byId, h, patch } from '../../display/elements.js';
import { figures } from '../../state/figures.js';
import { clockText, counterText, dayText, durationText, figureText, mediaTypeText } from '../../display/format.js';
import { outdatedAge } from '../../live/liveQueues.js';
import { queueName } from '../../state/names.js';
import { printState } from '../../state/urlState.js';

const liveFigures = {
  waiting: ['waiting', 'count'], interacting: ['interacting', 'count'], alerting: ['alerting', 'count'], longestWaitMs: ['longest wait', 'ms'], longestInteractionMs: ['longest interaction', 'ms'],
  onQueueUsers: ['agents on queue', 'count'], activeUsers: ['active agents', 'count'], memberUsers: ['members', 'count'], offQueueUsers: ['agents off queue', 'count'],
};

const titleAndUnitOf = field => {
  const figure = figures.find(candidate => candidate.field === field);
  return liveFigures[field] ?? (figure ? [figure.title.toLowerCase(), figure.unit] : [field, field.endsWith('Ms') ? 'ms' : /Rate$|Level$/.test(field) ? 'ratio' : 'count']);
};

const ranks = { firing: 0, pending: 1, unknown: 2 };
const stateTexts = { firing: 'Firing', pending: 'Pending', unknown: 'Unknown', resolved: 'Resolved' };

/** More alerts would push the figures off the screen. */
const defaultAlerts = 3;

let showsAll = false;
let shown = null;
let failedAt = null;
let announced = new Set();

/** @param rerender callback that is called when the user expands or collapses the list */
export function startAlertList(rerender) {
  byId('alerts').addEventListener('click', event => {
    if (!(event.target instanceof Element) || !event.target.closest('#alerts-all')) return;
    showsAll = !showsAll;
    rerender();
  });
}

/** @param alerts null if they cannot be loaded at the moment; the list then keeps the last ones and says so */
export function setAlerts(alerts) {
  if (alerts === null) failedAt ??= Date.now();
  else {
    failedAt = null;
    shown = { alerts, at: Date.now() };
  }
}

/** The alerts of the selection, the worst first. */
export const alertsOf = (state, directory) => (shown?.alerts ?? [])
  .filter(alert => alert.state in ranks && isSelected(state.queueId, alert.queueId) && isSelected(state.mediaType, alert.mediaType)
    && isSelected(state.divisionId, directory.find(queue => queue.id === alert.queueId)?.divisionId))
  .sort((a, b) => ranks[a.state] - ranks[b.state] || String(a.since).localeCompare(String(b.since)));

const isSelected = (selected, value) => selected.length === 0 || !value || selected.includes(value);

export const keyOf = alert => `${alert.rule} ${alert.queueId} ${alert.mediaType ?? ''}`;

/** "Billing EN, voice: longest wait 5 min 2 s, above 2 min" */
export const alertText = (alert, directory) => `${subjectOf(alert, directory)}: ${conditionOf(alert)}`;

export function showAlerts(state, directory) {
  const section = byId('alerts');
  const alerts = alertsOf(state, directory);
  section.hidden = alerts.length === 0;
  announce(alerts.filter(alert => alert.state === 'firing'), directory);
  patch(section,
    h('h2', { id: 'alerts-title', class: 'spoken' }, 'Alerts'),
    h('ul', { class: 'alerts' }, (showsAll ? alerts : alerts.slice(0, defaultAlerts)).map(alert => h('li', { class: `alert ${alert.state}`, 'data-key': keyOf(alert) },
      h('span', { class: 'badge' }, stateTexts[alert.state], alert.lastState ? ` (was ${stateTexts[alert.lastState]?.toLowerCase() ?? alert.lastState})` : null),
      h('span', { class: 'words' },
        alert.queueId ? h('a', { class: 'own-view subject', href: printState({ ...state, queueId: [alert.queueId], divisionId: [], wall: false }) }, subjectOf(alert, directory)) : h('span', { class: 'subject' }, subjectOf(alert, directory)),
        h('span', {}, conditionOf(alert)), h('span', { class: 'quiet' }, `Rule: ${alert.rule}`), caveat(alert)),
      h('span', { class: 'quiet since' }, sinceText(alert, state.timeZone))))),
    alerts.length > defaultAlerts ? h('button', { type: 'button', id: 'alerts-all', class: 'link', 'data-key': 'all', 'aria-expanded': String(showsAll) }, showsAll ? `Show ${defaultAlerts} alerts` : `Show all ${alerts.length} alerts`) : null,
    failedAt === null ? null : h('p', { class: 'bad', 'data-key': 'missed' }, `The alerts have not been updated since ${clockText(failedAt, state.timeZone)}. The list shows the last known alerts.`));
}

/** Announces only alerts that start to fire. Screen readers would otherwise read the list aloud whenever a figure changes. */
function announce(firing, directory) {
  const newlyFiring = firing.filter(alert => !announced.has(keyOf(alert)));
  if (newlyFiring.length > 0 || firing.length === 0) byId('alerts-announcement').textContent = newlyFiring.map(alert => `Alert: ${alertText(alert, directory)}`).join('. ');
  announced = new Set(firing.map(keyOf));
}

/** The queue and media type of an alert. An alert has no queue if none of the rule's queues has usable figures. */
const subjectOf = (alert, directory) => (alert.queueId ? queueName(alert.queueId, directory, alert.queueName) : 'Queues of this rule') + (alert.mediaType ? `, ${mediaTypeText(alert.mediaType).toLowerCase()}` : '');

/** "longest wait 5 min 2 s, above 2 min" */
function conditionOf({ figure, period, value, threshold, comparison }) {
  const [title, unit] = titleAndUnitOf(figure);
  const time = period ? ` in the last ${periodText(period)},` : '';
  return value === null ? `no value for ${title}${time}` : `${title}${time} ${figureText(value, unit)}, ${comparisons[comparison] ?? comparison} ${figureText(threshold, unit)}`;
}

const comparisons = { above: 'above', atLeast: 'at least', below: 'below', atMost: 'at most' };

/** "PT30M" is the last 30 min. */
function periodText(period) {
  const [, hours, minutes] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(period) ?? [];
  return hours || minutes ? durationText(((hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000) : period;
}

/** A warning if the figure of an alert is incomplete or old. */
function caveat(alert) {
  const age = alert.ageMs + Date.now() - shown.at;
  const texts = [alert.complete === false ? 'from incomplete data' : '', alert.ageMs !== null && age > outdatedAge ? `the figure is ${durationText(Math.floor(age / 60_000) * 60_000)} old` : ''].filter(Boolean);
  return texts.length === 0 ? null : h('span', { class: 'bad', 'data-key': 'reservation', title: alert.detail || null }, texts.join(', '));
}

function sinceText(alert, timeZone) {
  const since = Date.parse(alert.since);
  if (!Number.isFinite(since)) return '';
  const isToday = dayText(since, timeZone) === dayText(Date.now(), timeZone);
  return `since ${isToday ? '' : `${dayText(since, timeZone)}, `}${clockText(since, timeZone)}${isToday ? `, for ${counterText(Math.max(0, Date.now() - since))}` : ''}`;
}
