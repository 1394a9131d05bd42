// What the page does after a failed round: it shows the failure, and decides when to try again.
import { byId } from '../display/elements.js';
import { clockText } from '../display/format.js';
import { ApiFailure } from '../requests/api.js';
import { rejectionLifetime } from '../requests/refusals.js';
import { isSameSelection } from '../state/queries.js';
import { defaults } from '../state/urlState.js';
import { showFailureNotice } from '../views/controls/failureNotice.js';
import { openKeyDialog } from '../views/controls/keyDialog.js';
import { hideSections } from '../views/period/periodSections.js';
import { showWallFailure } from '../views/wall/wall.js';

/** Seconds that stand for waiting until the user does something that starts a round, such as entering a key. */
export const never = 86_400;

let failures = 0;

export function roundSucceeded() {
  failures = 0;
}

/** Shows a failure and returns the seconds until the next attempt: Retry-After, or a delay that doubles with each failure. */
export function retryAfter(page, failure) {
  if (failure.name === 'AbortError') throw failure;
  if (!(failure instanceof ApiFailure)) {
    show(page, { title: 'Something went wrong on this page', detail: `Reload the page. If this happens again, report it together with the URL of this page and this message: ${failure.message}` }, 60);
    console.error(failure);
    return 60;
  }
  if (failure.needsKey) {
    openKeyDialog(failure.detail ?? failure.title);
    show(page, failure, 0);
    return never;
  }
  const seconds = failure.isPermanent ? rejectionLifetime : Math.round(failure.retryAfter ?? Math.min(60, 2 ** Math.min(++failures, 6)));
  show(page, failure, seconds);
  return seconds;
}

function show(page, failure, seconds) {
  if (page.state.wall) showWallFailure(page.state, wallText(failure));
  else {
    if (!page.loaded) {
      byId('key-figures').hidden = true;
      hideSections();
    }
    showFailureNotice(failure, figuresNote(page), seconds, {
      retry: page.restart, showToday: () => page.change({ ...defaults(), timeZone: isTimeZoneRejected(failure) ? defaults().timeZone : page.state.timeZone }),
    });
  }
}

const wallText = failure => `${failure.title.replace(/\.$/, '')}. ${failure.needsKey ? 'Press Escape and enter an API key.' : failure.isPermanent ? failure.detail : 'Retrying automatically.'}`;

/** Says how old the figures are that stay on the page. */
const figuresNote = ({ loaded, state }) => (loaded
  ? `The figures below were loaded at ${clockText(loaded.at, state.timeZone)}${isSameSelection(loaded.state, state) ? '' : ' for the previous selection'}.` : '');

const isTimeZoneRejected = failure => failure.detail?.startsWith('timeZone:');

export function hideFailure() {
  byId('key-figures').hidden = false;
  showFailureNotice(null);
}
