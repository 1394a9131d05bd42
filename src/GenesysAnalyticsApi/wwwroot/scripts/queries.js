// What GET /aggregates is asked for each view. Every view shows, downloads and copies the same query.
import { combinable } from './figures.js';
import { interval, lengthInDays, sparklineGranularity, trendGranularity, wholeBuckets } from './periods.js';

/** Rows of the table at most, and before more are wanted. */
export const maxRows = 200;
const someRows = 25;

const filters = state => ({ queueId: state.queueId, divisionId: state.divisionId, mediaType: state.mediaType });

/** One record with everything in it, and the previous interval. */
export const keyFiguresQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'none', compare: 'previous' });

export const trendQuery = state => ({
  ...wholeBuckets(state, trendGranularity(state)), ...filters(state), groupBy: 'none', granularity: trendGranularity(state), fill: 'zero', compare: 'previous',
});

export const tableQuery = state => ({ ...interval(state), ...filters(state), compare: 'previous', sort: state.sort, limit: state.rows === 'all' ? maxRows : someRows });

export const mediaMixQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'mediaType', compare: 'previous', sort: '-totalInteractions' });

/** The days of the last three months: where there is data if the chosen period has none. */
export const nearestDayQuery = state => ({ period: 'last-90-days', timeZone: state.timeZone, ...filters(state), groupBy: 'none', granularity: 'P1D' });

/** @param queueId the queues that the table shows, if it does not show all */
export const sparklineQuery = (state, queueId) => ({
  ...wholeBuckets(state, sparklineGranularity(state)), ...filters(state), ...(queueId ? { queueId } : {}), granularity: sparklineGranularity(state), fill: 'zero',
});

/**
 * Hours are wide: Genesys is asked once per day of them, and one request may ask it some twenty times. So the heat map is read a week at a
 * time. A period that is shorter than a week is shown within the last seven days; of a long one, the last five weeks are shown.
 * @param interval what the service said of the period: its bounds in UTC
 */
export function heatMapQueries(state, { interval: bounds }) {
  const shared = { ...filters(state), groupBy: 'none', granularity: 'PT1H', timeZone: state.timeZone, ...combinable(state.figure) };
  if (lengthInDays(state) < 7) return [{ ...shared, period: 'last-7-days' }];
  const [first, last] = bounds.split('/').map(instant => localText(instant, state.timeZone));
  const { from, to } = wholeBuckets({ period: 'custom', from: first, to: last, timeZone: state.timeZone }, 'PT1H');
  const parts = [];
  for (let end = to; end > from && parts.length < maxWeeks; end = weekBefore(end)) {
    parts.unshift({ ...shared, from: weekBefore(end) > from ? weekBefore(end) : from, to: end });
  }
  return parts;
}

export const maxWeeks = 5;

const weekBefore = time => new Date(Date.parse(`${time}Z`) - 7 * 86_400_000).toISOString().slice(0, 16);

/** The local time of an instant, as GET /aggregates accepts it together with timeZone. */
const localText = (instant, timeZone) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(instant)).replace(' ', 'T');
