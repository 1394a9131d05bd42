// What happens now: one connection for the state of the queues, and the alerts. Both are shown once a second, because waits and ages grow by themselves.
import { followAlerts } from './alerts.js';
import { LiveConnection } from './liveConnection.js';
import { liveQuery } from './queries.js';
import { setAlerts, showAlerts, startAlertList } from './views/alertList.js';
import { showLive, startLiveFigures } from './views/liveFigures.js';
import { showWallLive } from './views/wallLive.js';

let stateNow = () => null;
let queuesNow = () => [];
let live = null;
let alerts = null;
let timer = null;

/**
 * @param state the current state of the page
 * @param queues the queues that are known by name
 */
export function startLive(state, queues) {
  stateNow = state;
  queuesNow = queues;
  live = new LiveConnection(soon);
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

/** Follows the address. */
export function followLive() {
  live.follow(liveQuery(stateNow()));
  render();
}

/** Another key may see something else. */
export function restartLive() {
  live.restart();
  alerts.restart();
}

/** Several events of a moment are shown together. */
function soon() {
  timer ??= setTimeout(render, 100);
}

function render() {
  clearTimeout(timer);
  timer = null;
  if (document.hidden) return;
  const [state, queues] = [stateNow(), queuesNow()];
  if (state.wall) showWallLive(state, queues, live, Date.now());
  else {
    showLive(state, queues, live, Date.now());
    showAlerts(state, queues);
  }
}
