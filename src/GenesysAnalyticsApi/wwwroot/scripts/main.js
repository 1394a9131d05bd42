// The page: reads its state from the address, asks for the figures in rounds, and shows each view as soon as its figures are there.
import { ApiFailure, apiKey, forget, getAll } from './api.js';
import { allowConversations, followConversations, namesAreKnown, setFigures, startConversations } from './conversations.js';
import { byId, fill, h } from './elements.js';
import { clockText } from './format.js';
import { Cancelled, allowCancelled, isFollowing, read } from './jobs.js';
import { followLive, restartLive, startLive } from './liveSection.js';
import { Polling } from './polling.js';
import { agentsQuery, heatMapPlan, keyFiguresQuery, mediaMixQuery, periodQuery, sparklineQuery, tableQuery, trendQuery, wallQueries, wrapUpCodesQuery } from './queries.js';
import { defaults, parseState, printState } from './state.js';
import { showAgentTable } from './views/agentTable.js';
import { focusConversations } from './views/conversationList.js';
import { showDataState, startDataState } from './views/dataState.js';
import { isEmpty, showEmptyResult } from './views/emptyResult.js';
import { loadExplanations, startExplanations } from './views/explanations.js';
import { startMenus } from './views/exportMenu.js';
import { showFailureNotice } from './views/failureNotice.js';
import { showFilters } from './views/filters.js';
import { heatMapHeading, showHeatMap, showHeatMapProgress } from './views/heatMap.js';
import { jobProgress } from './views/jobProgress.js';
import { openKeyDialog, startKeyDialog } from './views/keyDialog.js';
import { showKeyFigures } from './views/keyFigures.js';
import { showMediaMix } from './views/mediaMix.js';
import { queueTitle, showQueueTable, showSparklines } from './views/queueTable.js';
import { showTrend, startTrend, trendHeading } from './views/trend.js';
import { showWall, showWallFailure, showWallJob, startWall } from './views/wall.js';
import { showWrapUpCodes } from './views/wrapUpCodes.js';

let { state, problems } = parseState(location.search);
let queues = [];
let failures = 0;
let lastRound = null;
let shownSelection = null;
let shownTable = null;

const polling = new Polling(signal => (state.wall ? wallRound(signal) : pageRound(signal)));

/** Changes the state, the address and the figures. */
function change(difference) {
  const previousQueues = state.queueId.join();
  if (Object.keys(difference).some(name => !onlyShown.includes(name))) allowCancelled();
  const before = state;
  state = { ...state, ...difference };
  problems = [];
  history.pushState(null, '', printState(state));
  follow(before);
  if (previousQueues !== state.queueId.join()) byId('title').scrollIntoView({ block: 'nearest' });
}

/** Shows what the address says. Conversations are not part of a round. */
function follow(before) {
  showControls();
  if (selection() !== shownSelection) markOutdated();
  followConversations();
  followLive();
  const figuresOf = one => printState({ ...one, conversations: null });
  if (figuresOf(before) !== figuresOf(state)) polling.restart();
}

function showControls() {
  const title = queueTitle(state, queues);
  document.title = `${title} · GenesysAnalyticsApi`;
  byId('title').textContent = title;
  byId('all-queues').hidden = state.queueId.length === 0;
  byId('all-queues').href = printState({ ...state, queueId: [] });
  byId('wall-link').href = printState({ ...state, conversations: null, wall: true });
  const queue = queues.find(one => state.queueId.length === 1 && one.id === state.queueId[0]);
  byId('subtitle').textContent = queue ? [queue.divisionName, queue.memberCount !== null && queue.memberCount !== undefined ? `${queue.memberCount} members` : null].filter(Boolean).join(', ') : visibleText();
  showFilters(state, queues, change);
  fill(byId('link-problems'), problems.length === 0 ? null : h('div', { class: 'notice warning' }, problems.map(problem => h('p', {}, problem))));
}

/** What decides on the figures; the rest of the state only on how they are shown. */
const selection = () => JSON.stringify([state.period, state.from, state.to, state.timeZone, state.queueId, state.divisionId, state.mediaType]);

/** What changes neither the figures of a selection nor whether they are read. */
const onlyShown = ['figure', 'sort', 'agentSort', 'rows', 'conversations'];

/** With a key, only the queues that it may see are listed. */
const visibleText = () => (apiKey.get() && queues.length > 0 ? `This key gives access to ${queues.length} queue${queues.length === 1 ? '' : 's'}.` : '');

/** One round of all views, from the most important down. Returns the seconds until the next one. */
async function pageRound(signal) {
  let maxAge = 300;
  let temporary = null;
  let least = 5;
  /** Asks for the figures of a view. If a job reads them, the view shows how far it is. */
  const askFor = (id, onJob) => async (query, place = element => fill(byId(id), headingOf(id), element)) => {
    let progress = null;
    const response = await read(query, signal, (job, cancel) => {
      if (!progress) {
        progress = jobProgress(id);
        place(progress.element);
        byId(id).hidden = false;
        isCurrent(id);
        // Figures that are out of date again soon are not worth another job.
        least = 300;
        onJob();
      }
      progress.show(job, cancel);
    });
    maxAge = Math.min(maxAge, response.maxAge);
    return response.body;
  };
  /** What the round does not wait for before its end: above all jobs. */
  const background = [];
  const later = promise => {
    promise.catch(() => {});
    background.push(promise);
  };
  let names = null;
  const loadNames = () => {
    if (!names) later(names = loadNamesAndDefinitions(signal));
  };
  /** A view that fails says so in its own place; the others go on. */
  const section = async (id, load) => {
    const isRead = Promise.withResolvers();
    const end = (async () => {
      try {
        await load(askFor(id, isRead.resolve));
      } catch (failure) {
        fill(byId(id), headingOf(id), noticeOf(id, failure));
      }
      isCurrent(id);
    })();
    later(end);
    await Promise.race([end, isRead.promise]);
  };
  const noticeOf = (id, failure) => {
    if (failure instanceof Cancelled) return cancelledNotice(id);
    if (!(failure instanceof ApiFailure) || failure.needsKey) throw failure;
    if (!failure.isPermanent) temporary = failure;
    return h('div', { class: 'notice warning', id: `${id}-failure` }, h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? ''));
  };
  try {
    const period = await askFor('key-figures', () => {
      showFailure(null);
      loadNames();
    })(periodQuery(state));
    lastRound = Date.now();
    shownSelection = selection();
    showFailure(null);
    showDataState(state, period);
    setFigures(period.records[0] ?? null);
    const empty = isEmpty(period);
    for (const id of sections) byId(id).hidden = empty;
    if (empty || state.queueId.length !== 1) {
      for (const id of ofOneQueue) {
        byId(id).hidden = true;
        isCurrent(id);
      }
    }
    if (empty) await showEmptyResult(state, period.query, period, signal, change);
    else {
      const choose = figure => change({ figure });
      await section('key-figures', async ask => {
        const show = compared => showKeyFigures(state, keyFiguresQuery(state), period, compared, choose);
        try {
          show(await ask(keyFiguresQuery(state), progress => {
            show(null);
            byId('key-figures').append(progress);
          }));
        } catch (failure) {
          // Only the comparison is missing.
          const notice = noticeOf('key-figures', failure);
          show(null);
          byId('key-figures').append(notice);
        }
      });
      await section('trend', async ask => showTrend(state, trendQuery(state), await ask(trendQuery(state)), period.query.interval, change));
      await section('queue-table', async ask => {
        const table = await ask(tableQuery(state));
        showQueueTable(state, tableQuery(state), table, queues, change);
        shownTable = table;
        const ids = table.meta.rows.total > table.meta.rows.returned ? [...new Set(table.records.map(record => record.queueId))] : null;
        showSparklines(await ask(sparklineQuery(state, ids), progress => byId('queue-table').append(progress)));
      });
      await section('media-mix', async ask => showMediaMix(mediaMixQuery(state), await ask(mediaMixQuery(state))));
      if (state.queueId.length === 1) {
        byId('wrap-up-codes').hidden = false;
        await section('wrap-up-codes', async ask => showWrapUpCodes(wrapUpCodesQuery(state), await ask(wrapUpCodesQuery(state))));
        await section('agents', agents);
        namesAreKnown();
      }
      await section('heat-map', ask => heatMap(period.query, ask));
    }
    isCurrent('key-figures');
    loadNames();
    await Promise.all(background);
    if (temporary) return handle(temporary);
    failures = 0;
    return Math.max(least, maxAge);
  } catch (failure) {
    byId('key-figures-job')?.remove();
    if (!(failure instanceof Cancelled)) return handle(failure);
    for (const id of [...sections, ...ofOneQueue]) byId(id).hidden = true;
    fill(byId('key-figures'), headingOf('key-figures'), noticeOf('key-figures', failure));
    return never;
  }
}

const sections = ['trend', 'queue-table', 'media-mix', 'heat-map'];
const ofOneQueue = ['wrap-up-codes', 'agents'];

const titles = {
  'key-figures': 'Key figures', 'queue-table': 'Queues and media types', 'media-mix': 'Media types', 'wrap-up-codes': 'Wrap-up codes', agents: 'Agents',
};

/** The heading of a view without figures. */
const headingOf = id => (id === 'trend' ? trendHeading(state, change) : id === 'heat-map' ? heatMapHeading(state)
  : h('div', { class: 'heading' }, h('h2', { id: `${id}-title` }, titles[id])));

const cancelledNotice = id => h('div', { class: 'notice', id: `${id}-cancelled`, role: 'status' },
  h('p', {}, h('strong', {}, 'Cancelled')),
  h('p', {}, 'The figures are not complete, so they are not shown. What was read is kept for some time: starting again goes on from there.'),
  h('p', {}, h('button', { type: 'button', id: `${id}-start-again`, onclick: startAgain }, 'Start again')));

function startAgain() {
  allowCancelled();
  polling.restart();
}

/** A key that may not see single agents has no view of them, and they are not asked for again. */
async function agents(ask) {
  try {
    if (maySeeAgents) showAgentTable(state, agentsQuery(state), await ask(agentsQuery(state)), change);
  } catch (failure) {
    if (failure.status !== 403) throw failure;
    maySeeAgents = false;
  } finally {
    byId('agents').hidden = !maySeeAgents;
  }
}

let maySeeAgents = true;

/** Figures of the previous selection are dimmed until those of the current one replace them. */
function isCurrent(id) {
  byId(id).classList.remove('outdated');
  byId(id).removeAttribute('aria-busy');
}

function markOutdated() {
  setFigures(null);
  for (const id of ['key-figures', ...sections, ...ofOneQueue.filter(one => !byId(one).hidden)]) {
    byId(id).classList.add('outdated');
    byId(id).setAttribute('aria-busy', 'true');
  }
}

async function heatMap(resolved, ask) {
  const parts = [];
  const { note, queries } = heatMapPlan(state, resolved);
  const queryKey = selection() + state.figure;
  const isNew = byId('heat-map').dataset.queryKey !== queryKey;
  for (const query of queries) {
    if (isNew) showHeatMapProgress(state, parts.length, queries.length);
    parts.push({ query, body: await ask(query) });
  }
  byId('heat-map').dataset.queryKey = queryKey;
  showHeatMap(state, note, parts);
}

/** Names for the filters, and definitions of the figures. The figures do not wait for them. */
async function loadNamesAndDefinitions(signal) {
  await loadExplanations(signal);
  const isFirst = queues.length === 0;
  queues = await getAll('queues', signal);
  showControls();
  if (isFirst && shownTable && !state.wall) showQueueTable(state, tableQuery(state), shownTable, queues, change);
}

async function wallRound(signal) {
  const [figuresQuery, comparedQuery, bucketsQuery] = wallQueries(state);
  const ask = query => read(query, signal, job => showWallJob(state, job));
  try {
    const figures = await ask(figuresQuery);
    const compared = await ask(comparedQuery);
    const buckets = await ask(bucketsQuery);
    failures = 0;
    byId('simulated').hidden = figures.body.meta.source !== 'simulator';
    const show = () => showWall(state, queues, figures.body, compared.body, bucketsQuery, buckets.body);
    show();
    if (queues.length === 0) {
      await loadNamesAndDefinitions(signal);
      show();
    }
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
  if (failure.needsKey) {
    openKeyDialog(failure.detail ?? failure.title);
    showFailure(failure);
    return never;
  }
  // The same query would be rejected again, except that time goes on.
  const seconds = failure.isPermanent ? 300 : Math.round(failure.retryAfter ?? Math.min(60, 2 ** Math.min(++failures, 6)));
  showFailure(failure, seconds);
  return seconds;
}

// Entering a key starts a new round.
const never = 86_400;

function showFailure(failure, seconds = 0) {
  if (state.wall) {
    if (failure) showWallFailure(state, `${failure.title.replace(/\.$/, '')}. ${failure.needsKey ? 'Press Escape and enter an API key.' : failure.isPermanent ? failure.detail : 'Retrying automatically.'}`);
    return;
  }
  if (failure && !lastRound) for (const id of ['key-figures', ...sections, ...ofOneQueue]) byId(id).hidden = true;
  if (!failure) byId('key-figures').hidden = false;
  const known = failure && lastRound ? `The figures below were loaded at ${clockText(lastRound, state.timeZone)}${selection() === shownSelection ? '' : ' with the previous selection'}.` : '';
  showFailureNotice(failure, known, seconds, { retry: () => polling.restart(), showToday: () => change({ ...defaults(), timeZone: timeZoneThatWorks(failure) }) });
}

const timeZoneThatWorks = failure => (failure.detail?.startsWith('timeZone:') ? defaults().timeZone : state.timeZone);

// The network is back: no need to wait for the next attempt. A job is followed on without a new round.
addEventListener('online', () => { if (!isFollowing()) polling.restart(); });

addEventListener('popstate', () => {
  const before = state;
  ({ state, problems } = parseState(location.search));
  allowCancelled();
  follow(before);
});

/** Links to other states of the page change it in place; a click with Ctrl, Cmd or Shift opens them as a link. */
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('a.own-view, a.back') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.dataset.list === undefined) change(parseState(new URL(link.href).search).state);
  else openList(link.dataset.list || null);
});

function openList(conversations) {
  if (conversations !== state.conversations) change({ conversations });
  if (conversations) focusConversations();
}

startMenus();
startExplanations();
startKeyDialog(() => {
  forget();
  maySeeAgents = true;
  if (!state.wall) allowConversations();
  restartLive();
  polling.restart();
});
if (state.wall) startWall(state, () => location.assign(printState({ ...state, wall: false })));
else {
  showControls();
  fill(byId('key-figures'), h('div', { class: 'heading' }, h('h2', { id: 'key-figures-title' }, 'Key figures')), h('p', { class: 'loading' }, 'Loading figures…'));
  startTrend();
  startDataState();
  startConversations(() => state);
  followConversations();
}
startLive(() => state, () => queues);
polling.restart();
