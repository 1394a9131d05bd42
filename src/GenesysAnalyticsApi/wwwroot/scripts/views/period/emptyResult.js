// Explains why a selection may have no figures, and offers the nearest day with interactions.
import { get, urlOf } from '../../requests/api.js';
import { byId, fill, h } from '../../display/elements.js';
import { dayText } from '../../display/format.js';
import { nearestDayQuery } from '../../state/queries.js';

export const isEmpty = body => body.records.every(record => !record.totalInteractions && !record.offered && !record.handled);

/** @param change callback that receives the changed properties of the state */
export async function showEmptyResult(state, query, body, signal, change) {
  const filters = [state.queueId.length > 0 && 'queues', state.divisionId.length > 0 && 'divisions', state.mediaType.length > 0 && 'media types'].filter(Boolean);
  const reasons = [
    ...body.meta.warnings.map(warning => warning.message),
    'No interactions reached these queues in this period, for example because they were closed.',
    filters.length > 0 ? `The selected ${new Intl.ListFormat('en').format(filters)} had no interactions; others may have some.` : null,
    body.meta.complete ? null : 'Parts of the period could not be fetched from Genesys Cloud.',
    body.meta.final ? null : 'Interactions can take a few minutes to appear in Genesys Cloud.',
  ].filter(Boolean);
  const clear = filters.length === 0 ? null
    : h('p', {}, h('button', { type: 'button', id: 'remove-filters', onclick: () => change({ ...state, queueId: [], divisionId: [], mediaType: [] }) }, 'Remove all filters'));
  const render = offer => fill(byId('key-figures'),
    h('div', { class: 'heading' }, h('h2', { id: 'key-figures-title' }, 'No interactions in this period')),
    h('p', {}, 'Possible reasons:'), h('ul', {}, reasons.map(reason => h('li', {}, reason))), offer, clear);
  render(h('p', { class: 'loading' }, 'Looking for the nearest day with interactions…'));
  const day = await nearestDay(state, query, signal);
  render(day ? h('p', {}, h('button', { type: 'button', id: 'nearest-day', onclick: () => change(day.state) }, `Show ${day.title}`))
    : h('p', { id: 'nearest-day' }, 'The selection had no interactions in the last 90 days either.'));
}

async function nearestDay(state, query, signal) {
  const { body } = await get(urlOf('aggregates', nearestDayQuery(state)), signal);
  const start = Date.parse(query.interval.split('/')[0]);
  const days = body.records.filter(record => record.totalInteractions > 0)
    .sort((a, b) => Math.abs(Date.parse(a.from) - start) - Math.abs(Date.parse(b.from) - start));
  if (days.length === 0) return null;
  const from = days[0].localFrom.slice(0, 10);
  const next = new Date(Date.parse(`${from}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { title: dayText(days[0].from, state.timeZone), state: { ...state, period: 'custom', from: `${from}T00:00`, to: `${next}T00:00` } };
}
