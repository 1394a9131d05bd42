// The queries of the views. A view uses the same query for its figures, its exports and its curl command.
import { combinable } from './figures.js';
import { interval, sparklineGranularity, trendGranularity, wholeBuckets } from './periods.js';

/** The maximum number of rows in a table. Exports have all rows. */
export const maxRows = 200;

const filters = state => ({ queueId: state.queueId, divisionId: state.divisionId, mediaType: state.mediaType });

/** One record for the whole selection. Without a comparison, its metadata describes only the selected period. */
export const periodQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'none' });

export const keyFiguresQuery = state => ({ ...periodQuery(state), compare: 'previous' });

export const trendQuery = state => ({
  ...wholeBuckets(state, trendGranularity(state)), ...filters(state), groupBy: 'none', granularity: trendGranularity(state), fill: 'zero', compare: 'previous',
});

export const tableQuery = state => ({ ...interval(state), ...filters(state), compare: 'previous', sort: state.sort, limit: state.rows });

export const mediaMixQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'mediaType', compare: 'previous', sort: '-totalInteractions' });

/** The current state, per queue and media type. */
export const liveQuery = filters;

/** The page shows agents and wrap-up codes only for one queue, because all queues together have too many to compare. */
export const agentsQuery = state => ({ ...periodQuery(state), groupBy: 'userId', sort: state.agentSort, limit: state.rows });

export const wrapUpCodesQuery = state => ({ ...periodQuery(state), groupBy: 'wrapUpCode', sort: '-handled' });

/** The conversations behind a figure. `active` selects them by activity, as the figures count them. The service finds the latest ones fastest, so they come first. */
export const conversationsQuery = state => ({ ...interval(state), ...filters(state), match: 'active', order: 'desc', ...conversationsFilter(state.conversations) });

/** Compares the figures of the selection with those counted from its conversations. */
export const reconciliationQuery = state => ({ ...interval(state), ...filters(state), only: 'differences', limit: 10 });

/** The filter that selects the conversations of a figure. */
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

/** The queries of the wall: the figures (the wall shows their age), the same figures with the previous period, and the buckets, for each selected queue or for all queues together. */
export function wallQueries(state) {
  const figures = { ...periodQuery(state), groupBy: state.queueId.length > 0 ? 'queueId' : 'none' };
  const compared = { ...figures, compare: 'previous' };
  return [figures, compared, { ...compared, ...wholeBuckets(state, trendGranularity(state)), granularity: trendGranularity(state), fill: 'zero' }];
}

/** Daily totals of the last 90 days, to find the nearest day with data. */
export const nearestDayQuery = state => ({ period: 'last-90-days', timeZone: state.timeZone, ...filters(state), groupBy: 'none', granularity: 'P1D' });

/** @param queueId the queues in the table, if it does not show all */
export const sparklineQuery = (state, queueId) => ({
  ...wholeBuckets(state, sparklineGranularity(state)), ...filters(state), ...(queueId ? { queueId } : {}), granularity: sparklineGranularity(state), fill: 'zero',
});

/**
 * Hourly buckets are expensive: they need one Genesys request per day, and the service limits the Genesys requests of one query. So the page loads the
 * heat map week by week. For a period shorter than a week it shows the last seven days, for a long period the last five weeks.
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

const maxWeeks = 5;

const lengthOf = bounds => bounds.split('/').map(instant => Date.parse(instant) / 86_400_000).reduce((from, to) => to - from);

const weekBefore = time => new Date(Date.parse(`${time}Z`) - 7 * 86_400_000).toISOString().slice(0, 16);

/** The local time of an instant, as GET /aggregates accepts it together with timeZone. */
const localText = (instant, timeZone) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(instant)).replace(' ', 'T');
