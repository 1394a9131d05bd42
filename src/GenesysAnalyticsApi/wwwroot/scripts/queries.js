// What GET /aggregates is asked for each view. Every view shows, downloads and copies the same query.
import { combinable } from './figures.js';
import { interval, sparklineGranularity, trendGranularity, wholeBuckets } from './periods.js';

/** The table has at most this many rows; exports have all. */
export const maxRows = 200;

const filters = state => ({ queueId: state.queueId, divisionId: state.divisionId, mediaType: state.mediaType });

/** One record with everything in it. Its metadata are those of the period itself, without the previous one. */
export const periodQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'none' });

export const keyFiguresQuery = state => ({ ...periodQuery(state), compare: 'previous' });

export const trendQuery = state => ({
  ...wholeBuckets(state, trendGranularity(state)), ...filters(state), groupBy: 'none', granularity: trendGranularity(state), fill: 'zero', compare: 'previous',
});

export const tableQuery = state => ({ ...interval(state), ...filters(state), compare: 'previous', sort: state.sort, limit: state.rows });

export const mediaMixQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'mediaType', compare: 'previous', sort: '-totalInteractions' });

/** The current state, per queue and media type. */
export const liveQuery = filters;

/** Agents and wrap-up codes are shown for one queue only: in all queues together they would be too many to compare. */
export const agentsQuery = state => ({ ...periodQuery(state), groupBy: 'userId', sort: state.agentSort, limit: state.rows });

export const wrapUpCodesQuery = state => ({ ...periodQuery(state), groupBy: 'wrapUpCode', sort: '-handled' });

/** The conversations that a figure is made of. They are selected by activity, as the figures count them; the latest first, because these are found soonest. */
export const conversationsQuery = state => ({ ...interval(state), ...filters(state), match: 'active', order: 'desc', ...conversationsFilter(state.conversations) });

/** The figures of the selection beside those that are counted from its conversations. */
export const reconciliationQuery = state => ({ ...interval(state), ...filters(state), only: 'differences', limit: 10 });

/** What a conversation must have to belong to a figure. */
export function conversationsFilter(field) {
  switch (field) {
    case 'answered': case 'averageSpeedOfAnswerMs': return { outcome: 'answered' };
    case 'abandoned': case 'abandonRate': return { outcome: 'abandoned' };
    case 'flowOut': return { outcome: 'flowOut' };
    case 'serviceLevel': return { outcome: ['answered', 'abandoned', 'flowOut'] };
    case 'averageWaitTimeMs': case 'longestWaitMs': return { minWaitTimeMs: 1 };
    case 'handled': case 'averageHandleTimeMs': return { minHandleTimeMs: 1 };
    default: return {};
  }
}

/** For the wall: the figures, whose age is shown, the same with the previous period, and the buckets; of each chosen queue, or of everything together. */
export function wallQueries(state) {
  const figures = { ...periodQuery(state), groupBy: state.queueId.length > 0 ? 'queueId' : 'none' };
  const compared = { ...figures, compare: 'previous' };
  return [figures, compared, { ...compared, ...wholeBuckets(state, trendGranularity(state)), granularity: trendGranularity(state), fill: 'zero' }];
}

/** Daily totals of three months, to find the nearest day with data. */
export const nearestDayQuery = state => ({ period: 'last-90-days', timeZone: state.timeZone, ...filters(state), groupBy: 'none', granularity: 'P1D' });

/** @param queueId the queues that the table shows, if it does not show all */
export const sparklineQuery = (state, queueId) => ({
  ...wholeBuckets(state, sparklineGranularity(state)), ...filters(state), ...(queueId ? { queueId } : {}), granularity: sparklineGranularity(state), fill: 'zero',
});

/**
 * Hourly buckets are expensive: they cost one Genesys request per day, and one query may cost about twenty. So the heat map is loaded a week at
 * a time. A period that is shorter than a week is shown within the last seven days; of a long one, the last five weeks are shown.
 * @param interval the bounds of the period in UTC, as the service resolved them
 */
export function heatMapPlan(state, { interval: bounds }) {
  const shared = { ...filters(state), groupBy: 'none', granularity: 'PT1H', fill: 'zero', timeZone: state.timeZone, ...combinable(state.figure) };
  const days = lengthOf(bounds);
  // A week with a change of clocks is an hour shorter.
  if (days < 6.9) return { note: 'The last 7 days', queries: [{ ...shared, period: 'last-7-days' }] };
  const [first, last] = bounds.split('/').map(instant => localText(instant, state.timeZone));
  const { from, to } = wholeBuckets({ period: 'custom', from: first, to: last, timeZone: state.timeZone }, 'PT1H');
  const queries = [];
  for (let end = to; end > from && queries.length < maxWeeks; end = weekBefore(end)) {
    queries.unshift({ ...shared, from: weekBefore(end) > from ? weekBefore(end) : from, to: end });
  }
  return { note: days > maxWeeks * 7 + 0.1 ? `The last ${maxWeeks} weeks` : null, queries };
}

const maxWeeks = 5;

const lengthOf = bounds => bounds.split('/').map(instant => Date.parse(instant) / 86_400_000).reduce((from, to) => to - from);

const weekBefore = time => new Date(Date.parse(`${time}Z`) - 7 * 86_400_000).toISOString().slice(0, 16);

/** The local time of an instant, as GET /aggregates accepts it together with timeZone. */
const localText = (instant, timeZone) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(instant)).replace(' ', 'T');
