// The current state of the queues, and the alerts. The page renders both once a second, because waits and ages keep growing.
import { followAlerts } from '../live/alertPolling.js';
import { LiveConnection } from '../live/liveConnection.js';
import { liveQuery } from '../state/queries.js';
import { setAlerts, showAlerts, startAlertList } from '../views/now/alertList.js';
import { showLive, startLiveFigures } from '../views/now/liveQueueTable.js';
import { showWallLive } from '../views/wall/wallLiveQueues.js';

let currentState = () => null;
let currentQueues = () => [];
let live = null;
let alerts = null;
let timer = null;

/**
 * @param state function that returns the current state of the page
 * @param queues function that returns the queues of GET /queues
 */
export function startLive(state, queues) {
  currentState = state;
  currentQueues = queues;
  live = new LiveConnection(renderSoon);
  if (!state().wall) {
    startLiveFigures(render);
    startAlertList(render);
  }
  alerts = followAlerts(current => {
    setAlerts(current);
    render();
  });
  alerts.restart();
  setInterval(render, 1000);
  followLive();
}

/** Requests the queues and media types of the current state. */
export function followLive() {
  live.follow(liveQuery(currentState()));
  render();
}

/** Loads everything again, because a new key may have different access. */
export function restartLive() {
  live.restart();
  alerts.restart();
}

/** Renders only once if several events arrive together. */
function renderSoon() {
  timer ??= setTimeout(render, 100);
}

function render() {
  clearTimeout(timer);
  timer = null;
  if (document.hidden) return;
  const [state, queues] = [currentState(), currentQueues()];
  if (state.wall) showWallLive(state, queues, live, Date.now());
  else {
    showLive(state, queues, live, Date.now());
    showAlerts(state, queues);
  }
}
