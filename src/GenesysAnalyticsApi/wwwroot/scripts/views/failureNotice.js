// The notice of a failure: what failed, what the page shows in the meantime, and what the user can do.
import { byId, fill, h } from '../elements.js';
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
