// Entry point of the page: reads its state from the URL, applies changes of the state, and starts everything.
import { byId, fill, h } from './display/elements.js';
import { forget } from './requests/api.js';
import { isFollowingJob } from './requests/jobs.js';
import { Polling } from './requests/polling.js';
import { forgetRefusals } from './requests/refusals.js';
import { PageRound } from './rounds/pageRound.js';
import { resetAgents } from './rounds/periodViews.js';
import { wallRound } from './rounds/wallRound.js';
import { followConversations, resetConversations, setFigures, startConversations } from './sections/conversationsSection.js';
import { followLive, restartLive, startLive } from './sections/liveSection.js';
import { agentNames } from './state/names.js';
import { isSameSelection } from './state/queries.js';
import { parseState, printState } from './state/urlState.js';
import { startExplanations } from './views/controls/explanations.js';
import { startMenus } from './views/controls/exportMenu.js';
import { startKeyDialog } from './views/controls/keyDialog.js';
import { showMasthead } from './views/controls/masthead.js';
import { focusConversations } from './views/conversation/conversationList.js';
import { startDataStatus } from './views/period/dataStatus.js';
import { headingOf, markOutdated } from './views/period/periodSections.js';
import { startTrend } from './views/period/trend.js';
import { startWall } from './views/wall/wall.js';

/**
 * What the page shows. `problems` are the messages about an invalid URL, `queues` the queues of GET /queues, and `loaded` says which state the figures of the
 * period have and when they were loaded.
 */
const page = { ...parseState(location.search), queues: [], loaded: null, change, restart: () => polling.restart(), startAgain };

let round = null;

const polling = new Polling(signal => {
  if (page.state.wall) return wallRound(page, signal);
  round = new PageRound(page, signal);
  return round.run();
});

/** Applies changes to the state, and updates the URL and the figures. */
function change(changes) {
  const previous = page.state;
  history.pushState(null, '', printState({ ...previous, ...changes }));
  applyState({ ...previous, ...changes }, []);
  if (previous.queueId.join() !== page.state.queueId.join()) byId('title').scrollIntoView({ block: 'nearest' });
}

function applyState(state, problems) {
  const isSame = isSameSelection(page.state, state);
  Object.assign(page, { state, problems });
  showMasthead(page);
  if (!isSame) forgetRefusals();
  if (!page.loaded || !isSameSelection(page.loaded.state, state)) {
    setFigures(null);
    markOutdated();
  }
  followConversations();
  followLive();
  // A new round would cancel the jobs of the current one, and start them again.
  if (!round?.follow()) polling.restart();
}

function startAgain() {
  forgetRefusals();
  polling.restart();
}

addEventListener('popstate', () => {
  const { state, problems } = parseState(location.search);
  applyState(state, problems);
});

// When the network is back, the page retries at once. If it follows a job, the job reconnects by itself and needs no new round.
addEventListener('online', () => { if (!isFollowingJob()) polling.restart(); });

/** A link to another state of the page changes the page in place. With Ctrl, Cmd or Shift, the browser opens it as usual. */
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('a.own-view, a.back') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.dataset.list === undefined) change(parseState(new URL(link.href).search).state);
  else openList(link.dataset.list || null);
});

function openList(conversations) {
  if (conversations !== page.state.conversations) change({ conversations });
  if (conversations) focusConversations();
}

startMenus();
startExplanations();
startKeyDialog(() => {
  forget();
  forgetRefusals();
  agentNames.clear();
  resetAgents();
  if (!page.state.wall) resetConversations();
  restartLive();
  polling.restart();
});
if (page.state.wall) startWall(page.state, () => location.assign(printState({ ...page.state, wall: false })));
else {
  showMasthead(page);
  fill(byId('key-figures'), headingOf('key-figures'), h('p', { class: 'loading' }, 'Loading figures…'));
  startTrend();
  startDataStatus();
  startConversations(() => page.state);
  followConversations();
}
startLive(() => page.state, () => page.queues);
polling.restart();
