// Says in words how old the figures are, and whether they are complete and final.
import { byId, fill, h } from '../../display/elements.js';
import { dataAgeText, intervalText } from '../../display/format.js';

let shown = null;

export function showDataStatus(state, { query, meta }) {
  shown = { state, query, meta };
  byId('simulated').hidden = meta.source !== 'simulator';
  render();
}

/** Updates the age, which grows between two rounds. */
export const startDataStatus = () => setInterval(() => { if (shown) render(); }, 10_000);

function render() {
  const { state, query, meta } = shown;
  fill(byId('data-state'),
    h('p', { class: 'facts' },
      h('span', { class: 'fact', id: 'fact-interval' }, `${intervalText(query.interval, state.timeZone)} (${state.timeZone})`),
      meta.asOf ? h('span', { class: 'fact', id: 'fact-age' }, dataAgeText(meta.asOf, state.timeZone)) : null,
      h('span', { class: `fact ${meta.complete ? '' : 'bad'}`, id: 'fact-complete' }, meta.complete ? 'Complete' : 'Incomplete: some data is missing. Counts are too low; averages and rates may be off'),
      h('span', { class: 'fact', id: 'fact-final' }, meta.final ? 'Final' : 'Not final: Genesys Cloud may still change these figures'),
      meta.stale ? h('span', { class: 'fact bad', id: 'fact-stale' }, 'Out of date: Genesys Cloud could not be reached. These are the last known figures') : null),
    meta.failedSlices.length > 0 ? h('details', { class: 'notes', id: 'missing-parts', open: true },
      h('summary', {}, `${meta.failedSlices.length} ${meta.failedSlices.length === 1 ? 'part is' : 'parts are'} missing`),
      h('ul', {}, meta.failedSlices.map(part => h('li', {}, `${intervalText(`${part.from}/${part.to}`, state.timeZone)}: ${part.reason}`)))) : null,
    meta.warnings.length > 0 ? h('details', { class: 'notes', id: 'notes' },
      h('summary', {}, `${meta.warnings.length} ${meta.warnings.length === 1 ? 'note' : 'notes'} about these figures`),
      h('ul', {}, meta.warnings.map(warning => h('li', {}, warning.message)))) : null);
}
