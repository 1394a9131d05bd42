// What has failed, what is shown meanwhile, and the way on.
import { byId, fill, h } from '../elements.js';
import { openKeyDialog } from './keyDialog.js';

let retryAt = null;

/**
 * @param failure null if there is none any more
 * @param known what the figures below the notice are; empty if there are none
 * @param seconds until the next attempt
 * @param ways what a person can do: `retry`, and `showToday` for a query that is rejected
 */
export function showFailureNotice(failure, known, seconds, ways) {
  retryAt = failure ? Date.now() + seconds * 1000 : null;
  fill(byId('failure'), failure === null ? null : h('div', { class: 'notice failure' },
    h('p', {}, h('strong', {}, failure.title)),
    h('p', {}, [failure.detail, known].filter(Boolean).join(' ')),
    failure.needsKey ? h('p', {}, h('button', { type: 'button', id: 'enter-key', onclick: () => openKeyDialog() }, 'Enter a key'))
      : failure.isPermanent ? h('p', {}, h('button', { type: 'button', id: 'show-today', onclick: ways.showToday }, 'Show all queues today'))
        : h('p', {}, h('span', { id: 'retry-in', 'aria-live': 'off' }, retryText()), ' ', h('button', { type: 'button', id: 'retry-now', onclick: ways.retry }, 'Retry now')),
    failure.traceId && !failure.needsKey && !failure.isPermanent ? h('p', { class: 'quiet' }, `Reference for support: ${failure.traceId}`) : null));
}

const retryText = () => `Retrying in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s.`;

setInterval(() => { if (retryAt && byId('retry-in')) byId('retry-in').textContent = retryText(); }, 1000);
