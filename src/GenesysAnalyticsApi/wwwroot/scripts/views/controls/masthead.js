// The head of the page: its title, its links, the filters, and messages about an invalid link.
import { byId, fill, h } from '../../display/elements.js';
import { apiKey } from '../../requests/api.js';
import { queueTitle } from '../../state/names.js';
import { printState } from '../../state/urlState.js';
import { showFilters } from './filters.js';

export function showMasthead({ state, queues, problems, change }) {
  const title = queueTitle(state, queues);
  document.title = `${title} · GenesysAnalyticsApi`;
  byId('title').textContent = title;
  byId('all-queues').hidden = state.queueId.length === 0;
  byId('all-queues').href = printState({ ...state, queueId: [] });
  byId('wall-link').href = printState({ ...state, conversations: null, wall: true });
  byId('subtitle').textContent = subtitle(state, queues);
  showFilters(state, queues, change);
  fill(byId('link-problems'), problems.length === 0 ? null : h('div', { class: 'notice warning' }, problems.map(problem => h('p', {}, problem))));
}

function subtitle(state, queues) {
  const queue = queues.find(({ id }) => state.queueId.length === 1 && id === state.queueId[0]);
  if (queue) return [queue.divisionName, Number.isFinite(queue.memberCount) ? `${queue.memberCount} member${queue.memberCount === 1 ? '' : 's'}` : null].filter(Boolean).join(', ');
  // GET /queues returns only the queues that the key has access to.
  return apiKey.get() && queues.length > 0 ? `This key gives access to ${queues.length} queue${queues.length === 1 ? '' : 's'}.` : '';
}
