// The names of queues, divisions, agents and wrap-up codes.
import { mediaTypeText } from '../display/format.js';
import { isId } from './urlState.js';

/** The names of the agents that the page has loaded with the current key, by id. */
export const agentNames = new Map();

/** The names of the wrap-up codes that the page has loaded, by id. */
export const codeNames = new Map();

export const agentName = (id, name = null) => name ?? agentNames.get(id) ?? `Agent ${id.slice(0, 8)}`;

/** Genesys' own codes are words instead of ids. */
export const codeText = code => codeNames.get(code) ?? (isId(code) ? `Code ${code.slice(0, 8)}` : code);

/** The name of a queue in the directory, otherwise the fallback, otherwise a shortened id. */
export const queueName = (id, queues, fallback = null) => queues.find(queue => queue.id === id)?.name ?? fallback ?? `Unlisted queue ${id.slice(0, 8)}`;

/** The division of a queue if another queue has the same name, otherwise null. */
export function distinguishingDivision(id, queues) {
  const found = queues.find(queue => queue.id === id);
  return queues.some(queue => queue.id !== id && queue.name === found?.name) ? found.divisionName : null;
}

/** The title of the page: all queues, the name of one queue, or the number of queues, followed by the other filters. */
export function queueTitle(state, queues) {
  const name = state.queueId.length > 1 ? `${state.queueId.length} queues` : state.queueId.length === 0 ? 'All queues'
    : queues.length === 0 ? 'One queue' : queueName(state.queueId[0], queues);
  return name + filterText(state, queues);
}

/** The selected divisions and media types, for example " (DACH, Voice)"; empty if none is selected. */
export function filterText(state, queues) {
  const divisions = state.divisionId.map(id => queues.find(queue => queue.divisionId === id)?.divisionName ?? 'one division');
  const filters = [...divisions, ...state.mediaType.map(mediaTypeText)];
  return filters.length > 0 ? ` (${filters.join(', ')})` : '';
}
