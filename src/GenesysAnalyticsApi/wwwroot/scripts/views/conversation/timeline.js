// The timeline of one conversation: a lane for each participant, a labeled bar for each segment, and the metrics below.
import { ApiFailure, request } from '../../requests/api.js';
import { byId, fill, h } from '../../display/elements.js';
import { absent, dayText, durationText, figureText, mediaTypeText, secondText, wordText } from '../../display/format.js';
import { agentNames, codeText } from '../../state/names.js';

/** @param state function that returns the current state of the page */
export function startTimeline(state) {
  const dialog = byId('timeline');
  let opener = null;
  let id = null;
  let loading = new AbortController();

  const open = async (button, isRetry = false) => {
    if (!isRetry) {
      opener = button.id;
      id = button.dataset.conversation;
      dialog.replaceChildren(h('div', { class: 'heading' }, h('h2', { id: 'timeline-title' }, 'Conversation'), h('button', { type: 'button', id: 'timeline-close' }, 'Close')), h('div', { id: 'timeline-body' }));
      dialog.showModal();
    }
    loading = new AbortController();
    fill(byId('timeline-body'), h('p', { class: 'loading', role: 'status' }, 'Loading the conversation…'));
    try {
      const body = await (await request(`conversations/${encodeURIComponent(id)}`, { signal: loading.signal })).json();
      showTimeline(body, state().timeZone);
    } catch (failure) {
      if (failure.name === 'AbortError') return;
      if (!(failure instanceof ApiFailure)) throw failure;
      fill(byId('timeline-body'), h('div', { class: 'notice warning', id: 'timeline-failure', role: 'alert' }, failureText(failure)));
    }
  };

  document.addEventListener('click', event => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest('tr[data-conversation]')?.querySelector('.timeline-button');
    // A click anywhere in a row works like its button, unless the user is selecting text.
    if (button && getSelection().isCollapsed) open(button);
    if (event.target.id === 'timeline-again') {
      byId('timeline-close').focus();
      open(null, true);
    }
    if (event.target.id === 'timeline-close' || event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    loading.abort();
    dialog.replaceChildren();
    byId(opener)?.focus();
  });
}

const failureText = failure => (failure.status === 404 ? h('p', {}, 'This conversation does not exist in Genesys Cloud, or you do not have access to it.') : [
  h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? ''),
  failure.isPermanent ? null : h('p', {}, h('button', { type: 'button', id: 'timeline-again' }, 'Try again')),
]);

function showTimeline(conversation, timeZone) {
  const now = Date.now();
  const segments = conversation.participants.flatMap(participant => participant.sessions.flatMap(session => session.segments));
  const start = Math.min(Date.parse(conversation.conversationStart), ...segments.map(segment => Date.parse(segment.start)));
  const isOpen = conversation.conversationEnd === null;
  const ends = [conversation.conversationEnd, ...segments.map(segment => segment.end)].map(end => (end === null ? (isOpen ? now : 0) : Date.parse(end)));
  const scale = { start, length: Math.max(1, Math.max(start, ...ends) - start), now: Math.max(now, start), timeZone };
  const media = [...new Set(conversation.participants.flatMap(participant => participant.sessions.map(session => session.mediaType)))].filter(Boolean);
  const { step, ticks } = ticksOf(scale.length);
  const lanes = h('ol', { class: 'lanes' }, conversation.participants.map(participant => lane(participant, scale)));
  const drawing = h('div', { class: 'timeline' },
    h('div', { class: 'axis', 'aria-hidden': 'true' }, h('span', {}, 'Time since the start'), h('div', {}, ticks.map(tick => place(h('span', {}, durationText(tick)), tick / scale.length)))), lanes);
  drawing.style.setProperty('--tick', `${100 * step / scale.length}%`);
  fill(byId('timeline-body'),
    h('p', { class: 'facts' },
      h('span', { class: 'fact' }, `${momentText(start, timeZone)} to ${isOpen ? 'now, still running' : endText(start, start + scale.length, timeZone)}`),
      h('span', { class: 'fact' }, durationText(scale.length)),
      h('span', { class: 'fact' }, [wordText(conversation.direction), ...media.map(mediaTypeText)].join(', '))),
    h('p', { class: 'quiet conversation-id' }, `ID ${conversation.conversationId}`),
    drawing,
    metricsTable(conversation.participants, timeZone));
}

/** @param scale the start and length of the timeline, the current time and the time zone */
function lane(participant, scale) {
  const name = participant.userId ? agentNames.get(participant.userId) ?? participant.userId.slice(0, 8) : null;
  const segments = participant.sessions.flatMap(session => session.segments.map(segment => ({ session, segment })))
    .sort((a, b) => Date.parse(a.segment.start) - Date.parse(b.segment.start));
  const media = new Set(participant.sessions.map(session => session.mediaType));
  return h('li', { class: 'lane', 'data-purpose': participant.purpose ?? '' },
    h('h3', {}, purposeText(participant.purpose), name ? h('span', { class: 'quiet' }, ` ${name}`) : null),
    segments.length === 0 ? h('p', { class: 'quiet' }, 'No segments') : h('ol', { class: 'segments' }, segments.map(({ session, segment }) => row(segment, media.size > 1 ? session : null, scale))));
}

/** @param session the session of the segment if the participant has sessions on several media, otherwise null */
function row(segment, session, { start, length, now, timeZone }) {
  const from = Date.parse(segment.start);
  const to = segment.end === null ? Math.max(from, now) : Date.parse(segment.end);
  const details = [
    segment.end === null ? `${secondText(from, timeZone)} to now` : `${secondText(from, timeZone)} to ${endText(from, to, timeZone)}`,
    session ? mediaTypeText(session.mediaType) : null,
    segment.queueName ?? (segment.queueId ? `queue ${segment.queueId.slice(0, 8)}` : null),
    segment.wrapUpCode ? codeText(segment.wrapUpCode) : null,
    segment.disconnectType ? `disconnect type ${segment.disconnectType}` : null,
  ].filter(Boolean).join(', ');
  const bar = place(h('span', { class: `segment-bar ${kindOf(segment.type)}${segment.end === null ? ' running' : ''}` }), (from - start) / length, (to - from) / length);
  return h('li', { class: 'segment', 'data-type': segment.type ?? '', 'data-start': segment.start, 'data-end': segment.end ?? '' },
    h('div', { class: 'words' },
      h('p', {}, h('strong', {}, segment.type ?? 'segment'), ` ${durationText(to - from)}`, segment.end === null ? h('span', { class: 'still-running' }, ' still running') : null),
      h('p', { class: 'quiet' }, details)),
    h('div', { class: 'track', 'aria-hidden': 'true' }, bar));
}

/** Positions an element. The Content-Security-Policy forbids style attributes but allows setting styles from scripts. */
function place(element, left, width = null) {
  element.style.left = `${100 * left}%`;
  if (width !== null) element.style.width = `${100 * width}%`;
  return element;
}

/** The CSS class of a bar. Its label names the segment type. */
const kindOf = type => ({ interact: 'talking', hold: 'holding', wrapup: 'wrapping' })[type] ?? 'waiting';

const purposeText = purpose => ({ ivr: 'IVR', acd: 'ACD' })[purpose] ?? wordText(purpose);

const momentText = (instant, timeZone) => `${dayText(instant, timeZone)}, ${secondText(instant, timeZone)}`;

const endText = (start, end, timeZone) => (dayText(start, timeZone) === dayText(end, timeZone) ? secondText(end, timeZone) : momentText(end, timeZone));

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000].map(seconds => seconds * 1000);

const maxTicks = 6;

function ticksOf(length) {
  const step = steps.find(candidate => length / candidate <= maxTicks) ?? length / maxTicks;
  return { step, ticks: Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step) };
}

function metricsTable(participants, timeZone) {
  const metrics = participants.flatMap(participant => participant.sessions.flatMap(session => session.metrics.map(metric => ({ participant, metric }))))
    .sort((a, b) => Date.parse(a.metric.emittedAt) - Date.parse(b.metric.emittedAt));
  const queues = new Map(participants.flatMap(participant => participant.sessions.flatMap(session => session.segments.map(segment => [segment.queueId, segment.queueName]))));
  const queueText = id => (id === null ? absent : queues.get(id) ?? `Queue ${id.slice(0, 8)}`);
  const titles = ['Metric', 'Value', 'Time', 'Participant', 'Queue'];
  return [
    h('h3', { id: 'timeline-metrics-title' }, 'Metrics'),
    metrics.length === 0 ? h('p', { class: 'quiet' }, 'Genesys Cloud has not emitted any metrics yet.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'timeline-metrics-title' },
        h('table', { class: 'metrics' },
          h('thead', {}, h('tr', {}, titles.map(title => h('th', { scope: 'col', class: title === 'Value' ? 'number' : null }, title)))),
          h('tbody', {}, metrics.map(({ participant, metric }) => h('tr', { 'data-metric': metric.name, 'data-value': metric.value },
            h('th', { scope: 'row' }, metric.name),
            h('td', { class: 'number' }, metric.name.startsWith('t') ? durationText(metric.value) : figureText(metric.value, 'count')),
            h('td', {}, momentText(metric.emittedAt, timeZone)),
            h('td', {}, purposeText(participant.purpose)),
            h('td', {}, queueText(metric.queueId))))))),
  ];
}
