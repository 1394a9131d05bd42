// The views of the period, the most important first: their queries, and how each of them shows its figures.
import { byId } from '../display/elements.js';
import { combinable } from '../state/figures.js';
import { heatMapPlan } from '../state/heatMapQueries.js';
import { agentsQuery, keyFiguresQuery, mediaMixQuery, periodQuery, sparklineQuery, tableQuery, trendQuery, wrapUpCodesQuery } from '../state/queries.js';
import { refreshNames } from '../sections/conversationsSection.js';
import { showAgentTable } from '../views/period/agentTable.js';
import { showHeatMap, showHeatMapProgress } from '../views/period/heatMap.js';
import { showKeyFigures } from '../views/period/keyFigures.js';
import { showMediaMix } from '../views/period/mediaMix.js';
import { showQueueTable, showSparklines } from '../views/period/queueTable.js';
import { showTrend } from '../views/period/trend.js';
import { showWrapUpCodes } from '../views/period/wrapUpCodes.js';

/**
 * A view has
 * `id`, the id of its section,
 * `queriesOf(state)`, the queries that it sends one after the other,
 * `show(state, queries, bodies)`, which shows their responses,
 * and if it needs them:
 * `showInstead(state, element)`, which shows the progress of a job or a failure where the default, the section, would hide other figures,
 * `showStart(state, done, total)`, which is called before each query,
 * `isHiddenBy(failure)`, whether the section is hidden after this failure,
 * `hasQueueNames`, whether it shows names of queues, which can arrive after its figures,
 * `next`, a view that depends on the figures of this view and is loaded after it.
 * @param period the response to the query of the period
 */
export const periodViews = (page, period) => [
  keyFigures(page, period),
  {
    id: 'trend',
    queriesOf: state => [trendQuery(state)],
    show: (state, [query], [body]) => showTrend(state, query, body, period.query.interval, page.change),
  },
  queueTable(page),
  {
    id: 'media-mix',
    queriesOf: state => [mediaMixQuery(state)],
    show: (_, [query], [body]) => showMediaMix(query, body),
  },
  ...(page.state.queueId.length === 1 ? [wrapUpCodes, ...(maySeeAgents ? [agents(page)] : [])] : []),
  heatMap(period),
];

/** The figures of the period are loaded already. Only the comparison is missing. */
function keyFigures(page, period) {
  const show = (state, compared) => showKeyFigures(state, keyFiguresQuery(state), period, compared, figure => page.change({ figure }));
  return {
    id: 'key-figures',
    queriesOf: state => [keyFiguresQuery(state)],
    show: (state, _, [compared]) => show(state, compared),
    showInstead(state, element) {
      show(state, null);
      byId('key-figures').append(element);
    },
  };
}

function queueTable(page) {
  let table = null;
  /** The queues of the small trends: null for all, or those in the table if it shows only some of its rows. */
  const shownQueues = () => (table.meta.rows.total > table.meta.rows.returned ? [...new Set(table.records.map(record => record.queueId))].sort() : null);
  return {
    id: 'queue-table',
    hasQueueNames: true,
    queriesOf: state => [tableQuery(state)],
    show(state, [query], [body]) {
      table = body;
      showQueueTable(state, query, body, page.queues, page.change);
    },
    next: {
      id: 'queue-table',
      queriesOf: state => [sparklineQuery(state, shownQueues())],
      show: (_, __, [body]) => showSparklines(body),
      showInstead: (_, element) => byId('queue-table').append(element),
    },
  };
}

const wrapUpCodes = {
  id: 'wrap-up-codes',
  queriesOf: state => [wrapUpCodesQuery(state)],
  show(_, [query], [body]) {
    showWrapUpCodes(query, body);
    refreshNames();
  },
};

/** If the key has no access to figures of individual agents, the page hides this view and does not request it again. */
const agents = page => ({
  id: 'agents',
  queriesOf: state => [agentsQuery(state)],
  show(state, [query], [body]) {
    showAgentTable(state, query, body, page.change);
    refreshNames();
  },
  isHiddenBy(failure) {
    if (failure.status !== 403) return false;
    maySeeAgents = false;
    return true;
  },
});

let maySeeAgents = true;

/** Requests the agents again, because a new key may have access. */
export function resetAgents() {
  maySeeAgents = true;
}

/** Which values the shown heat map has. */
let shownHeatMap = null;

function heatMap(period) {
  const valuesOf = state => JSON.stringify([periodQuery(state), combinable(state.figure)]);
  return {
    id: 'heat-map',
    queriesOf: state => heatMapPlan(state, period.query).queries,
    // A refresh keeps the last values until the new ones arrive.
    showStart(state, done, total) {
      if (shownHeatMap !== valuesOf(state)) showHeatMapProgress(state, done, total);
    },
    show(state, queries, bodies) {
      shownHeatMap = valuesOf(state);
      showHeatMap(state, heatMapPlan(state, period.query).note, queries.map((query, index) => ({ query, body: bodies[index] })));
    },
  };
}
