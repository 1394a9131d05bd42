// The queries of the views. A view uses the same query for its figures, its exports and its curl command.
import { interval, sparklineGranularity, trendGranularity, wholeBuckets } from './periods.js';

/** The maximum number of rows in a table. Exports have all rows. */
export const maxRows = 200;

export const filters = state => ({ queueId: state.queueId, divisionId: state.divisionId, mediaType: state.mediaType });

/** One record for the whole selection. Without a comparison, its metadata describes only the selected period. */
export const periodQuery = state => ({ ...interval(state), ...filters(state), groupBy: 'none' });

/** Whether two states select the same figures. The rest of a state determines only how the page shows them. */
export const isSameSelection = (a, b) => JSON.stringify(periodQuery(a)) === JSON.stringify(periodQuery(b));

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
