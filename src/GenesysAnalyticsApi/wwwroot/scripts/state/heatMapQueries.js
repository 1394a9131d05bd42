// The queries of the heat map: which weeks it shows, and one query for each of them.
import { combinable } from './figures.js';
import { wholeBuckets } from './periods.js';
import { filters } from './queries.js';

const maxWeeks = 5;

/**
 * Hourly buckets are expensive: they need one Genesys request per day, and the service limits the Genesys requests of one query. So the page loads the
 * heat map week by week. For a period shorter than a week it shows the last seven days, for a long period the last weeks, at most `maxWeeks`.
 * @param interval the bounds of the period in UTC, as the service resolved them
 */
export function heatMapPlan(state, { interval: bounds }) {
  const shared = { ...filters(state), groupBy: 'none', granularity: 'PT1H', fill: 'zero', timeZone: state.timeZone, ...combinable(state.figure) };
  const days = lengthOf(bounds);
  // A week in which the clocks go forward is an hour shorter.
  if (days < 6.9) return { note: 'The last 7 days', queries: [{ ...shared, period: 'last-7-days' }] };
  const [first, last] = bounds.split('/').map(instant => localText(instant, state.timeZone));
  const { from, to } = wholeBuckets({ period: 'custom', from: first, to: last, timeZone: state.timeZone }, 'PT1H');
  const queries = [];
  for (let end = to; end > from && queries.length < maxWeeks; end = weekBefore(end)) {
    queries.unshift({ ...shared, from: weekBefore(end) > from ? weekBefore(end) : from, to: end });
  }
  return { note: days > maxWeeks * 7 + 0.1 ? `The last ${maxWeeks} weeks` : null, queries };
}

const lengthOf = bounds => bounds.split('/').map(instant => Date.parse(instant) / 86_400_000).reduce((from, to) => to - from);

const weekBefore = time => new Date(Date.parse(`${time}Z`) - 7 * 86_400_000).toISOString().slice(0, 16);

/** The local time of an instant, as GET /aggregates accepts it together with timeZone. */
const localText = (instant, timeZone) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(instant)).replace(' ', 'T');
