// The sections that show the figures of the period: their headings, which of them are visible, and which still show the previous selection.
import { byId, h } from '../../display/elements.js';
import { heatMapHeading } from './heatMap.js';
import { trendHeading } from './trend.js';

const sections = ['trend', 'queue-table', 'media-mix', 'heat-map'];
const singleQueueSections = ['wrap-up-codes', 'agents'];

const titles = {
  'key-figures': 'Key figures', 'queue-table': 'Queues and media types', 'media-mix': 'Media types', 'wrap-up-codes': 'Wrap-up codes', agents: 'Agents',
};

/**
 * The heading of a section whose figures are not loaded.
 * @param change callback that receives the changed properties of the state
 */
export const headingOf = (id, state, change) => (id === 'trend' ? trendHeading(state, change) : id === 'heat-map' ? heatMapHeading(state)
  : h('div', { class: 'heading' }, h('h2', { id: `${id}-title` }, titles[id])));

/** Shows the sections that apply to the selection. A section of a single queue stays hidden until it has figures. */
export function showSections(isEmpty, isSingleQueue) {
  for (const id of sections) byId(id).hidden = isEmpty;
  if (isEmpty || !isSingleQueue) hide(singleQueueSections);
}

/** Hides all sections except the key figures. */
export const hideSections = () => hide([...sections, ...singleQueueSections]);

function hide(ids) {
  for (const id of ids) {
    byId(id).hidden = true;
    markCurrent(id);
  }
}

/** Removes the dimming that `markOutdated` adds. */
export function markCurrent(id) {
  byId(id).classList.remove('outdated');
  byId(id).removeAttribute('aria-busy');
}

/** Dims the figures of the previous selection until those of the current one replace them. */
export function markOutdated() {
  for (const id of ['key-figures', ...sections, ...singleQueueSections.filter(section => !byId(section).hidden)]) {
    byId(id).classList.add('outdated');
    byId(id).setAttribute('aria-busy', 'true');
  }
}
