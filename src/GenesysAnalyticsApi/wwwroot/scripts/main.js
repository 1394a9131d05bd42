// The page: reads its state from the address, asks for the figures in rounds, and shows each view as soon as its figures are there.
import { ApiFailure, apiKey, forget, get, urlOf } from './api.js';
import { byId, fill, h } from './elements.js';
import { clockText } from './format.js';
import { Polling } from './polling.js';
import { heatMapPlan, keyFiguresQuery, mediaMixQuery, sparklineQuery, tableQuery, trendQuery } from './queries.js';
import { parseState, printState } from './state.js';
import { showDataState, startDataState } from './views/dataState.js';
import { isEmpty, showEmptyResult } from './views/emptyResult.js';
import { loadExplanations, startExplanations } from './views/explanations.js';
import { startMenus } from './views/exportMenu.js';
import { keepOpen, showFilters } from './views/filters.js';
import { showHeatMap, showHeatMapProgress } from './views/heatMap.js';
import { openKeyDialog, startKeyDialog } from './views/keyDialog.js';
import { showKeyFigures } from './views/keyFigures.js';
import { showMediaMix } from './views/mediaMix.js';
import { queueTitle, showQueueTable, showSparklines } from './views/queueTable.js';
import { showTrend, startTrend } from './views/trend.js';
import { showWall, showWallFailure, startWall, wallQueries } from './views/wall.js';

let { state, problems } = parseState(location.search);
let queues = [];
let failures = 0;
let lastRound = null;
let shownSelection = null;

const polling = new Polling(signal => (state.wall ? wallRound(signal) : pageRound(signal)));

/** Changes the state, the address and the figures. */
function change(difference) {
  const previousQueues = state.queueId.join();
  state = { ...state, ...difference };
  problems = [];
  history.pushState(null, '', printState(state));
  showControls();
  byId('main').classList.toggle('outdated', selection() !== shownSelection);
  if (previousQueues !== state.queueId.join()) byId('title').scrollIntoView({ block: 'nearest' });
  polling.restart();
}

function showControls() {
  const title = queueTitle(state, queues);
  document.title = `${title} · GenesysAnalyticsApi`;
  byId('title').textContent = title;
  byId('all-queues').hidden = state.queueId.length === 0;
  byId('all-queues').href = printState({ ...state, queueId: [] });
  byId('wall-link').href = printState({ ...state, wall: true });
  const queue = queues.find(one => state.queueId.length === 1 && one.id === state.queueId[0]);
  byId('subtitle').textContent = queue ? [queue.divisionName, queue.memberCount !== null && queue.memberCount !== undefined ? `${queue.memberCount} members` : null].filter(Boolean).join(', ') : visibleText();
  keepOpen(() => showFilters(state, queues, change));
  fill(byId('link-problems'), problems.length === 0 ? null : h('div', { class: 'notice warning' }, problems.map(problem => h('p', {}, problem))));
}

/** What decides on the figures; the rest of the state only on how they are shown. */
const selection = () => JSON.stringify([state.period, state.from, state.to, state.timeZone, state.queueId, state.divisionId, state.mediaType]);

/** With a key, only the queues that it may see are listed. */
const visibleText = () => (apiKey.get() && queues.length > 0 ? `This key gives access to ${queues.length} queue${queues.length === 1 ? '' : 's'}.` : '');

/** One round of all views, from the most important down. Returns the seconds until the next one. */
async function pageRound(signal) {
  let maxAge = 300;
  const ask = async query => {
    const response = await get(urlOf('aggregates', query), signal);
    maxAge = Math.min(maxAge, response.maxAge);
    return response.body;
  };
  try {
    const figuresQuery = keyFiguresQuery(state);
    const figures = await ask(figuresQuery);
    lastRound = Date.now();
    shownSelection = selection();
    byId('main').classList.remove('outdated');
    showFailure(null);
    showDataState(state, figures);
    const empty = isEmpty(figures);
    for (const id of ['trend', 'queue-table', 'media-mix', 'heat-map']) byId(id).hidden = empty;
    if (empty) await showEmptyResult(state, figures.query, figures, signal, change);
    else {
      showKeyFigures(state, figuresQuery, figures, figure => change({ figure }));
      await section('trend', async () => showTrend(state, trendQuery(state), await ask(trendQuery(state))));
      await section('queue-table', async () => {
        const table = await ask(tableQuery(state));
        showQueueTable(state, tableQuery(state), table, change);
        const ids = table.meta.rows.total > table.meta.rows.returned ? [...new Set(table.records.map(record => record.queueId))] : null;
        showSparklines(await ask(sparklineQuery(state, ids)));
      });
      await section('media-mix', async () => showMediaMix(mediaMixQuery(state), await ask(mediaMixQuery(state))));
      await section('heat-map', () => heatMap(figures.query, signal));
    }
    await loadNamesAndDefinitions(signal);
    failures = 0;
    return Math.max(5, maxAge);
  } catch (failure) {
    return handle(failure);
  }
}

/** A view whose query is refused says so in its own place; the others go on. Other failures end the round. */
async function section(id, load) {
  try {
    await load();
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || !failure.isPermanent || failure.needsKey) throw failure;
    fill(byId(id), h('div', { class: 'notice warning', id: `${id}-failure` }, h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? '')));
  }
}

async function heatMap(resolved, signal) {
  const parts = [];
  const { note, queries } = heatMapPlan(state, resolved);
  const queryKey = JSON.stringify([state.queueId, state.divisionId, state.mediaType, state.period, state.from, state.to, state.timeZone, state.figure]);
  const isNew = byId('heat-map').dataset.queryKey !== queryKey;
  for (const query of queries) {
    if (isNew) showHeatMapProgress(state, parts.length, queries.length);
    parts.push({ query, body: (await get(urlOf('aggregates', query), signal)).body });
  }
  byId('heat-map').dataset.queryKey = queryKey;
  showHeatMap(state, note, parts);
}

/** Names for the filters, and definitions of the figures. The figures do not wait for them. */
async function loadNamesAndDefinitions(signal) {
  await loadExplanations(signal);
  const all = [];
  let cursor = null;
  do {
    const { body } = await get(urlOf('queues', { limit: 1000, cursor }), signal);
    all.push(...body.records);
    cursor = body.nextCursor ?? null;
  } while (cursor);
  queues = all;
  showControls();
}

async function wallRound(signal) {
  const [figuresQuery, bucketsQuery] = wallQueries(state);
  try {
    const figures = await get(urlOf('aggregates', figuresQuery), signal);
    const buckets = await get(urlOf('aggregates', bucketsQuery), signal);
    failures = 0;
    if (state.divisionId.length > 0 && queues.length === 0) await loadNamesAndDefinitions(signal);
    byId('simulated').hidden = figures.body.meta.source !== 'simulator';
    showWall(state, queues, figures.body, bucketsQuery, buckets.body);
    return Math.max(5, figures.maxAge);
  } catch (failure) {
    return handle(failure);
  }
}

/** Shows a failure and returns the seconds until the next attempt: what the service asks for, or longer each time. */
function handle(failure) {
  if (failure.name === 'AbortError') throw failure;
  if (!(failure instanceof ApiFailure)) {
    showFailure({ title: 'Something went wrong on this page', detail: `Reload the page. If it happens again, report it with the address of this page: ${failure.message}` }, 60);
    console.error(failure);
    return 60;
  }
  const seconds = Math.round(failure.retryAfter ?? Math.min(60, 2 ** Math.min(++failures, 6)));
  if (failure.needsKey) {
    openKeyDialog(failure.detail ?? failure.title);
    showFailure(failure);
    return waitForKey;
  }
  showFailure(failure, failure.isPermanent ? 60 : seconds);
  return failure.isPermanent ? 60 : seconds;
}

// Effectively never: entering a key starts a new round.
const waitForKey = 86_400;

let retryAt = null;

function showFailure(failure, seconds = 0) {
  retryAt = failure ? Date.now() + seconds * 1000 : null;
  const known = failure && lastRound ? `The figures below were loaded at ${clockText(lastRound, state.timeZone)}${selection() === shownSelection ? '' : ' with the previous selection'}.` : '';
  if (state.wall) {
    if (failure) showWallFailure(state, `${failure.title.replace(/\.$/, '')}. ${failure.needsKey ? 'Enter an API key on the page without wall mode.' : 'Retrying automatically.'}`);
    return;
  }
  if (failure && !lastRound) fill(byId('key-figures'), h('div', { class: 'heading' }, h('h2', { id: 'key-figures-title' }, 'Key figures')));
  fill(byId('failure'), failure === null ? null : h('div', { class: 'notice failure' },
    h('p', {}, h('strong', {}, failure.title)),
    h('p', {}, [failure.detail, known].filter(Boolean).join(' ')),
    failure.needsKey ? h('p', {}, h('button', { type: 'button', id: 'enter-key', onclick: () => openKeyDialog() }, 'Enter a key'))
      : h('p', {}, h('span', { id: 'retry-in', 'aria-live': 'off' }, retryText()), ' ', h('button', { type: 'button', id: 'retry-now', onclick: () => polling.restart() }, 'Retry now')),
    failure.traceId && !failure.needsKey ? h('p', { class: 'quiet' }, `Reference for support: ${failure.traceId}`) : null));
}

const retryText = () => `Retrying in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s.`;

setInterval(() => { if (retryAt && byId('retry-in')) byId('retry-in').textContent = retryText(); }, 1000);

addEventListener('popstate', () => {
  ({ state, problems } = parseState(location.search));
  showControls();
  polling.restart();
});

/** Links to other states of the page change it in place; a click with Ctrl, Cmd or Shift opens them as a link. */
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('a.own-view, a.back') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  change(parseState(new URL(link.href).search).state);
});

startMenus();
startExplanations();
startKeyDialog(() => {
  forget();
  polling.restart();
});
if (state.wall) startWall(state);
else {
  showControls();
  fill(byId('key-figures'), h('div', { class: 'heading' }, h('h2', { id: 'key-figures-title' }, 'Key figures')), h('p', { class: 'loading' }, 'Loading figures…'));
  startTrend();
  startDataState();
}
polling.restart();
