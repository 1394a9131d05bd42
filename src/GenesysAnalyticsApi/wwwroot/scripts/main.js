// Entry point of the page: reads the state from the URL, loads the figures in rounds, and renders each view as soon as its figures arrive.
import { ApiFailure, apiKey, forget, getAll, urlOf } from './api.js';
import { followConversations, refreshNames, resetConversations, setFigures, startConversations } from './conversations.js';
import { byId, fill, h } from './elements.js';
import { clockText } from './format.js';
import { heatMapPlan } from './heatMapQueries.js';
import { Cancelled, clearCancelled, isFollowingJob, read } from './jobs.js';
import { followLive, restartLive, startLive } from './liveSection.js';
import { Polling } from './polling.js';
import { agentsQuery, keyFiguresQuery, mediaMixQuery, periodQuery, sparklineQuery, tableQuery, trendQuery, wallQueries, wrapUpCodesQuery } from './queries.js';
import { forgetRejections, rejectionLifetime, unlessRejected } from './rejections.js';
import { defaults, parseState, printState } from './urlState.js';
import { agentNames, showAgentTable } from './views/agentTable.js';
import { focusConversations } from './views/conversationList.js';
import { showDataStatus, startDataStatus } from './views/dataStatus.js';
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
import { queueTitle, showQueueTable, showSparklines } from './views/aggregatesTable.js';
import { showTrend, startTrend, trendHeading } from './views/trend.js';
import { showWall, showWallFailure, showWallJob, startWall } from './views/wall.js';
import { showWrapUpCodes } from './views/wrapUpCodes.js';

let { state, problems } = parseState(location.search);
let queues = [];
let failures = 0;
let lastRound = null;
let shownSelection = null;
let shownTable = null;
/** A function that loads tables of the current round again whose order has changed; null if no round loads tables. */
let reloadTables = null;

const polling = new Polling(signal => (state.wall ? wallRound(signal) : pageRound(signal)));

/** Applies changes to the state, and updates the URL and the figures. */
function change(changes) {
  const previousQueues = state.queueId.join();
  if (Object.keys(changes).some(name => !displayOnly.includes(name))) {
    clearCancelled();
    forgetRejections();
  }
  const previousState = state;
  state = { ...state, ...changes };
  problems = [];
  history.pushState(null, '', printState(state));
  applyState(previousState);
  if (previousQueues !== state.queueId.join()) byId('title').scrollIntoView({ block: 'nearest' });
}

/** Renders the current state. It starts a round only if something other than the list of conversations has changed, because rounds do not load that list. */
function applyState(previousState) {
  showControls();
  if (selection() !== shownSelection) markOutdated();
  followConversations();
  followLive();
  const isEqualExcept = names => {
    const omitted = Object.fromEntries(names.map(name => [name, null]));
    return printState({ ...previousState, ...omitted }) === printState({ ...state, ...omitted });
  };
  if (isEqualExcept(['conversations'])) return;
  // A new round would cancel the jobs of the current round, and start them again.
  if (reloadTables && isEqualExcept(['conversations', ...tableOrder])) reloadTables();
  else polling.restart();
}

function showControls() {
  const title = queueTitle(state, queues);
  document.title = `${title} · GenesysAnalyticsApi`;
  byId('title').textContent = title;
  byId('all-queues').hidden = state.queueId.length === 0;
  byId('all-queues').href = printState({ ...state, queueId: [] });
  byId('wall-link').href = printState({ ...state, conversations: null, wall: true });
  const queue = queues.find(({ id }) => state.queueId.length === 1 && id === state.queueId[0]);
  byId('subtitle').textContent = queue ? [queue.divisionName, queue.memberCount !== null && queue.memberCount !== undefined ? `${queue.memberCount} members` : null].filter(Boolean).join(', ') : accessText();
  showFilters(state, queues, change);
  fill(byId('link-problems'), problems.length === 0 ? null : h('div', { class: 'notice warning' }, problems.map(problem => h('p', {}, problem))));
}

/** The part of the state that determines the figures. The rest only determines how the page shows them. */
const selection = () => JSON.stringify([state.period, state.from, state.to, state.timeZone, state.queueId, state.divisionId, state.mediaType]);

/** Properties of the state that change neither the selection nor whether the page loads its figures. */
const displayOnly = ['figure', 'sort', 'agentSort', 'rows', 'conversations'];

/** Properties of the state that change only the queries of tables: their order and their length. */
const tableOrder = ['sort', 'agentSort', 'rows'];

/** GET /queues returns only the queues that the key has access to. */
const accessText = () => (apiKey.get() && queues.length > 0 ? `This key gives access to ${queues.length} queue${queues.length === 1 ? '' : 's'}.` : '');

/** Loads all views once, the most important first. Returns the seconds until the next round. */
async function pageRound(signal) {
  let maxAge = 300;
  let temporary = null;
  let minSeconds = 5;
  /** Returns a function that loads the figures of a view. If a job reads them, the view shows its progress. */
  const loaderFor = (id, onJob) => async (query, place = element => fill(byId(id), headingOf(id), element), loadSignal = signal) => {
    let progress = null;
    const response = await read(query, loadSignal, (job, cancel) => {
      if (!progress) {
        progress = jobProgress(id);
        place(progress.element);
        byId(id).hidden = false;
        markCurrent(id);
        // A job is too expensive to repeat whenever max-age expires.
        minSeconds = 300;
        onJob();
      }
      progress.show(job, cancel);
    });
    maxAge = Math.min(maxAge, response.maxAge);
    return response.body;
  };
  /** Work that the round waits for only at its end, mainly jobs. */
  const background = [];
  const inBackground = promise => {
    promise.catch(() => {});
    background.push(promise);
  };
  let names = null;
  const loadNames = () => {
    if (!names) inBackground(names = loadNamesAndDefinitions(signal));
  };
  /** Loads one view. If it fails, the view shows the error and the other views still load. Returns early if a job starts. */
  const section = async (id, loadView) => {
    const jobStarted = Promise.withResolvers();
    const finished = (async () => {
      try {
        await loadView(unlessRejected(loaderFor(id, jobStarted.resolve)));
      } catch (failure) {
        fill(byId(id), headingOf(id), noticeOf(id, failure));
      }
      markCurrent(id);
    })();
    inBackground(finished);
    await Promise.race([finished, jobStarted.promise]);
  };
  /** The tables that the round has loaded or is loading, each with a function that loads it again if its order has changed. */
  const tables = [];
  /** Loads a table. `loadTable` loads it again if the order changes in the meantime; after that, this function does. */
  const tableSection = (id, queryOf, loadTable) => {
    let loadedUrl = null;
    let isLoading = false;
    const start = () => section(id, async load => {
      isLoading = true;
      try {
        await loadTable(load);
      } finally {
        isLoading = false;
        loadedUrl = urlOf('', queryOf(state));
      }
    });
    tables.push(() => { if (!isLoading && loadedUrl !== urlOf('', queryOf(state))) start().catch(() => {}); });
    return start();
  };
  let reordered = Promise.withResolvers();
  const reload = () => {
    if (signal.aborted) return;
    reordered.resolve();
    reordered = Promise.withResolvers();
    for (const reloadTable of tables) reloadTable();
  };
  reloadTables = reload;
  const isCurrent = (query, queryOf) => urlOf('', query) === urlOf('', queryOf(state));
  /** Loads the small trends of the queue table. Its order does not change their query, unless the table shows only some of the rows. */
  const loadSparklines = (load, query) => {
    const own = new AbortController();
    const sparklines = { query, isDone: false, progress: null, abort: () => own.abort() };
    const place = element => byId('queue-table').append(sparklines.progress = element);
    sparklines.finished = load(query, place, AbortSignal.any([signal, own.signal])).then(showSparklines).finally(() => { sparklines.isDone = true; });
    sparklines.finished.catch(() => {});
    return sparklines;
  };
  const queueTable = async load => {
    let sparklines = null;
    try {
      while (true) {
        const query = tableQuery(state);
        const table = await load(query);
        if (!isCurrent(query, tableQuery)) continue;
        showQueueTable(state, query, table, queues, change);
        shownTable = table;
        const ids = table.meta.rows.total > table.meta.rows.returned ? [...new Set(table.records.map(record => record.queueId))].sort() : null;
        const next = sparklineQuery(state, ids);
        if (sparklines && urlOf('', sparklines.query) === urlOf('', next)) {
          if (sparklines.progress && !sparklines.isDone) byId('queue-table').append(sparklines.progress);
        } else {
          sparklines?.abort();
          sparklines = loadSparklines(load, next);
        }
        while (isCurrent(query, tableQuery) && !sparklines.isDone) await Promise.race([sparklines.finished, reordered.promise]);
        if (isCurrent(query, tableQuery)) return;
      }
    } finally {
      sparklines?.abort();
    }
  };
  const noticeOf = (id, failure) => {
    if (failure instanceof Cancelled) return cancelledNotice(id);
    if (!(failure instanceof ApiFailure) || failure.needsKey) throw failure;
    if (!failure.isPermanent) temporary = failure;
    return h('div', { class: 'notice warning', id: `${id}-failure` }, h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? ''));
  };
  try {
    const period = await loaderFor('key-figures', () => {
      showFailure(null);
      loadNames();
    })(periodQuery(state));
    lastRound = Date.now();
    shownSelection = selection();
    showFailure(null);
    showDataStatus(state, period);
    setFigures(period.records[0] ?? null);
    const empty = isEmpty(period);
    for (const id of sections) byId(id).hidden = empty;
    if (empty || state.queueId.length !== 1) {
      for (const id of singleQueueSections) {
        byId(id).hidden = true;
        markCurrent(id);
      }
    }
    if (empty) await showEmptyResult(state, period.query, period, signal, change);
    else {
      const select = figure => change({ figure });
      await section('key-figures', async load => {
        const show = compared => showKeyFigures(state, keyFiguresQuery(state), period, compared, select);
        try {
          show(await load(keyFiguresQuery(state), progress => {
            show(null);
            byId('key-figures').append(progress);
          }));
        } catch (failure) {
          // The figures themselves are loaded; only the comparison failed.
          const notice = noticeOf('key-figures', failure);
          show(null);
          byId('key-figures').append(notice);
        }
      });
      await section('trend', async load => showTrend(state, trendQuery(state), await load(trendQuery(state)), period.query.interval, change));
      await tableSection('queue-table', tableQuery, queueTable);
      await section('media-mix', async load => showMediaMix(mediaMixQuery(state), await load(mediaMixQuery(state))));
      if (state.queueId.length === 1) {
        byId('wrap-up-codes').hidden = false;
        await section('wrap-up-codes', async load => showWrapUpCodes(wrapUpCodesQuery(state), await load(wrapUpCodesQuery(state))));
        await tableSection('agents', agentsQuery, agents);
        refreshNames();
      }
      await section('heat-map', load => heatMap(period.query, load));
    }
    markCurrent('key-figures');
    loadNames();
    // A table that is loaded again adds to the list.
    for (let awaited = -1; awaited !== background.length;) {
      awaited = background.length;
      await Promise.all(background);
    }
    if (temporary) return handle(temporary);
    failures = 0;
    return Math.max(minSeconds, maxAge);
  } catch (failure) {
    byId('key-figures-job')?.remove();
    if (!(failure instanceof Cancelled)) return handle(failure);
    for (const id of [...sections, ...singleQueueSections]) byId(id).hidden = true;
    fill(byId('key-figures'), headingOf('key-figures'), noticeOf('key-figures', failure));
    return never;
  } finally {
    if (reloadTables === reload) reloadTables = null;
  }
}

const sections = ['trend', 'queue-table', 'media-mix', 'heat-map'];
const singleQueueSections = ['wrap-up-codes', 'agents'];

const titles = {
  'key-figures': 'Key figures', 'queue-table': 'Queues and media types', 'media-mix': 'Media types', 'wrap-up-codes': 'Wrap-up codes', agents: 'Agents',
};

/** The heading of a view whose figures are not loaded. */
const headingOf = id => (id === 'trend' ? trendHeading(state, change) : id === 'heat-map' ? heatMapHeading(state)
  : h('div', { class: 'heading' }, h('h2', { id: `${id}-title` }, titles[id])));

const cancelledNotice = id => h('div', { class: 'notice', id: `${id}-cancelled`, role: 'status' },
  h('p', {}, h('strong', {}, 'Cancelled')),
  h('p', {}, 'These figures are incomplete, so they are hidden. If you start again soon, loading continues from where it stopped.'),
  h('p', {}, h('button', { type: 'button', id: `${id}-start-again`, onclick: startAgain }, 'Start again')));

function startAgain() {
  clearCancelled();
  polling.restart();
}

/** If the key has no access to figures of individual agents, the page hides this view and does not request it again. */
async function agents(load) {
  try {
    for (let isShown = !maySeeAgents; !isShown;) {
      const query = agentsQuery(state);
      const body = await load(query);
      // Otherwise, the order has changed in the meantime.
      isShown = urlOf('', query) === urlOf('', agentsQuery(state));
      if (isShown) showAgentTable(state, query, body, change);
    }
  } catch (failure) {
    if (failure.status !== 403) throw failure;
    maySeeAgents = false;
  } finally {
    byId('agents').hidden = !maySeeAgents;
  }
}

let maySeeAgents = true;

/** Removes the dimming that `markOutdated` adds. */
function markCurrent(id) {
  byId(id).classList.remove('outdated');
  byId(id).removeAttribute('aria-busy');
}

/** Dims the figures of the previous selection until those of the current one replace them. */
function markOutdated() {
  setFigures(null);
  for (const id of ['key-figures', ...sections, ...singleQueueSections.filter(id => !byId(id).hidden)]) {
    byId(id).classList.add('outdated');
    byId(id).setAttribute('aria-busy', 'true');
  }
}

async function heatMap(resolved, load) {
  const parts = [];
  const { note, queries } = heatMapPlan(state, resolved);
  const queryKey = selection() + state.figure;
  const isNew = byId('heat-map').dataset.queryKey !== queryKey;
  for (const query of queries) {
    if (isNew) showHeatMapProgress(state, parts.length, queries.length);
    parts.push({ query, body: await load(query) });
  }
  byId('heat-map').dataset.queryKey = queryKey;
  showHeatMap(state, note, parts);
}

/** Loads the names for the filters and the definitions of the figures. The figures do not wait for them. */
async function loadNamesAndDefinitions(signal) {
  await loadExplanations(signal);
  const isFirst = queues.length === 0;
  queues = await getAll('queues', signal);
  showControls();
  if (isFirst && shownTable && !state.wall) showQueueTable(state, tableQuery(state), shownTable, queues, change);
}

async function wallRound(signal) {
  const [figuresQuery, comparedQuery, bucketsQuery] = wallQueries(state);
  const load = query => read(query, signal, job => showWallJob(state, job));
  try {
    const figures = await load(figuresQuery);
    const compared = await load(comparedQuery);
    const buckets = await load(bucketsQuery);
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

/** Shows a failure and returns the seconds until the next attempt: Retry-After, or a delay that doubles with each failure. */
function handle(failure) {
  if (failure.name === 'AbortError') throw failure;
  if (!(failure instanceof ApiFailure)) {
    showFailure({ title: 'Something went wrong on this page', detail: `Reload the page. If it happens again, report it with the URL of this page: ${failure.message}` }, 60);
    console.error(failure);
    return 60;
  }
  if (failure.needsKey) {
    openKeyDialog(failure.detail ?? failure.title);
    showFailure(failure);
    return never;
  }
  const seconds = failure.isPermanent ? rejectionLifetime : Math.round(failure.retryAfter ?? Math.min(60, 2 ** Math.min(++failures, 6)));
  showFailure(failure, seconds);
  return seconds;
}

// The page waits for an action of the user, such as entering a key, which starts a new round.
const never = 86_400;

function showFailure(failure, seconds = 0) {
  if (state.wall) {
    if (failure) showWallFailure(state, `${failure.title.replace(/\.$/, '')}. ${failure.needsKey ? 'Press Escape and enter an API key.' : failure.isPermanent ? failure.detail : 'Retrying automatically.'}`);
    return;
  }
  if (failure && !lastRound) for (const id of ['key-figures', ...sections, ...singleQueueSections]) byId(id).hidden = true;
  if (!failure) byId('key-figures').hidden = false;
  const figuresNote = failure && lastRound ? `The figures below were loaded at ${clockText(lastRound, state.timeZone)}${selection() === shownSelection ? '' : ' for the previous selection'}.` : '';
  showFailureNotice(failure, figuresNote, seconds, { retry: () => polling.restart(), showToday: () => change({ ...defaults(), timeZone: validTimeZone(failure) }) });
}

const validTimeZone = failure => (failure.detail?.startsWith('timeZone:') ? defaults().timeZone : state.timeZone);

// When the network is back, the page retries at once. If it follows a job, the job reconnects by itself and needs no new round.
addEventListener('online', () => { if (!isFollowingJob()) polling.restart(); });

addEventListener('popstate', () => {
  const previousState = state;
  ({ state, problems } = parseState(location.search));
  clearCancelled();
  forgetRejections();
  applyState(previousState);
});

/** A link to another state of the page changes the page in place. With Ctrl, Cmd or Shift, the browser opens it as usual. */
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
  forgetRejections();
  agentNames.clear();
  maySeeAgents = true;
  if (!state.wall) resetConversations();
  restartLive();
  polling.restart();
});
if (state.wall) startWall(state, () => location.assign(printState({ ...state, wall: false })));
else {
  showControls();
  fill(byId('key-figures'), h('div', { class: 'heading' }, h('h2', { id: 'key-figures-title' }, 'Key figures')), h('p', { class: 'loading' }, 'Loading figures…'));
  startTrend();
  startDataStatus();
  startConversations(() => state);
  followConversations();
}
startLive(() => state, () => queues);
polling.restart();
