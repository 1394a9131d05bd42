// The table of the agents of one queue. Only callers with access to figures of individual agents see it.
import { bar, byId, fill, h } from '../../display/elements.js';
import { agentFigures } from '../../state/figures.js';
import { columnText, figureText } from '../../display/format.js';
import { agentName, agentNames } from '../../state/names.js';
import { maxRows } from '../../state/queries.js';
import { exportMenu } from '../controls/exportMenu.js';
import { sortHeading } from '../controls/sortHeading.js';

const columns = [{ field: 'userName', title: 'Agent' }, ...agentFigures];

/** @param change callback that receives the changed properties of the state */
export function showAgentTable(state, query, body, change) {
  for (const record of body.records) if (record.userName) agentNames.set(record.userId, record.userName);
  const max = Math.max(1, ...body.records.map(record => record.handled ?? 0));
  const { returned, total } = body.meta.rows;
  const agents = body.records.filter(record => record.userId !== null).length;
  fill(byId('agents'),
    h('div', { class: 'heading' },
      h('h2', { id: 'agents-title' }, 'Agents'),
      h('p', { class: 'quiet', id: 'agents-rows' }, returned < total ? `${returned} of ${total} rows; the export includes all` : `${agents} agent${agents === 1 ? '' : 's'}`),
      exportMenu('agents', 'the agents', [{ query: { ...query, limit: null } }])),
    total === 0 ? h('p', { class: 'quiet' }, 'No agent worked in this queue in this period.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of agents' },
        h('table', { class: 'queues' },
          h('thead', {}, h('tr', {}, columns.map(column => sortHeading(column, state.agentSort, 'agents', agentSort => change({ agentSort }))))),
          h('tbody', {}, body.records.map(record => row(record, max))))),
    returned < total && state.rows < maxRows
      ? h('button', { type: 'button', id: 'show-all-agents', class: 'show-all', onclick: () => change({ rows: maxRows }) }, total > maxRows ? `Show ${maxRows} rows` : `Show all ${total} rows`) : null);
}

const row = (record, max) => h('tr', { 'data-user': record.userId ?? '' },
  h('th', { scope: 'row' }, record.userId === null ? 'No agent' : agentName(record.userId, record.userName)),
  agentFigures.map(figure => h('td', { class: 'number', 'data-field': figure.field, 'data-value': record[figure.field] ?? '' },
    figure.field === 'handled' ? [bar((record.handled ?? 0) / max), h('span', { class: 'amount' }, figureText(record.handled, 'count'))] : columnText(record[figure.field], figure.unit))));
