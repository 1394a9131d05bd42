// What happens now: one connection for the state of the queues, and the alerts. Both are shown once a second, because waits and ages grow by themselves.
import { followAlerts } from './alerts.js';
import { Live } from './live.js';
import { liveQuery } from './queries.js';
import { setAlerts, showAlerts, startAlertList } from './views/alertList.js';
import { showNow, startNowView } from './views/liveNow.js';
import { showWallNow } from './views/wallNow.js';

let stateNow = () => null;
let queuesNow = () => [];
let live = null;
let alerts = null;
let timer = null;

/**
 * @param state the current state of the page
 * @param queues the queues that are known by name
 */
export function startNow(state, queues) {
  stateNow = state;
  queuesNow = queues;
  live = new Live(soon);
  if (!state().wall) {
    startNowView(render);
    startAlertList(render);
  }
  alerts = followAlerts(current => {
    setAlerts(current);
    render();
  });
  alerts.restart();
  setInterval(render, 1000);
  followNow();
}

/** Follows the address. */
export function followNow() {
  live.follow(liveQuery(stateNow()));
  render();
}

/** Another key may see something else. */
export function restartNow() {
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
  if (state.wall) showWallNow(state, queues, live, Date.now());
  else {
    showNow(state, queues, live, Date.now());
    showAlerts(state, queues);
  }
}
