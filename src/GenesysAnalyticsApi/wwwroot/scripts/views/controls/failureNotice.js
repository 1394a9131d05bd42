// The notices of failures, at the top of the page and in a view: what failed, what the page shows in the meantime, and what the user can do.
import { byId, fill, h } from '../../display/elements.js';
import { openKeyDialog } from './keyDialog.js';

let retryAt = null;

/**
 * @param failure null to remove the notice
 * @param figuresNote describes the figures below the notice; empty if there are none
 * @param seconds until the next attempt
 * @param actions functions for the buttons: `retry`, and `showToday` for a rejected query
 */
export function showFailureNotice(failure, figuresNote, seconds, actions) {
  retryAt = failure ? Date.now() + seconds * 1000 : null;
  fill(byId('failure'), failure === null ? null : h('div', { class: 'notice failure' },
    h('p', {}, h('strong', {}, failure.title)),
    h('p', {}, [failure.detail, figuresNote].filter(Boolean).join(' ')),
    failure.needsKey ? h('p', {}, h('button', { type: 'button', id: 'enter-key', onclick: () => openKeyDialog() }, 'Enter a key'))
      : failure.isPermanent ? h('p', {}, h('button', { type: 'button', id: 'show-today', onclick: actions.showToday }, 'Show all queues today'))
        : h('p', {}, h('span', { id: 'retry-in', 'aria-live': 'off' }, retryText()), ' ', h('button', { type: 'button', id: 'retry-now', onclick: actions.retry }, 'Retry now')),
    failure.traceId && !failure.needsKey && !failure.isPermanent ? h('p', { class: 'quiet' }, `Reference for support: ${failure.traceId}`) : null));
}

const retryText = () => `Retrying in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s.`;

setInterval(() => { if (retryAt && byId('retry-in')) byId('retry-in').textContent = retryText(); }, 1000);

/** The notice of a view whose query failed. */
export const viewFailure = (id, failure) => h('div', { class: 'notice warning', id: `${id}-failure` }, h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? ''));

/** The notice of a view whose job the user has cancelled. */
export const cancelledNotice = (id, startAgain) => h('div', { class: 'notice', id: `${id}-cancelled`, role: 'status' },
  h('p', {}, h('strong', {}, 'Cancelled')),
  h('p', {}, 'These figures are incomplete, so they are hidden. If you start again soon, loading continues from where it stopped.'),
  h('p', {}, h('button', { type: 'button', id: `${id}-start-again`, onclick: startAgain }, 'Start again')));
