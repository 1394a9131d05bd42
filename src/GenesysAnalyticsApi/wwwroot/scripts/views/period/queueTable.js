// The table of queues and media types, sorted by the service. Interactions, the first figure, have a bar and a sparkline.
import { bar, byId, fill, h, svg } from '../../display/elements.js';
import { figures, isMissed } from '../../state/figures.js';
import { changeOf, columnText, figureText, mediaTypeText } from '../../display/format.js';
import { distinguishingDivision, queueName } from '../../state/names.js';
import { maxRows } from '../../state/queries.js';
import { printState } from '../../state/urlState.js';
import { exportMenu } from '../controls/exportMenu.js';
import { sortHeading } from '../controls/sortHeading.js';

const columns = [{ field: 'queueName', title: 'Queue' }, { field: 'mediaType', title: 'Media type' }, ...figures];

let lines = new Map();

/**
 * @param queues the queues of GET /queues, whose divisions distinguish queues with the same name
 * @param change callback that receives the changed properties of the state
 */
export function showQueueTable(state, query, body, queues, change) {
  const max = Math.max(1, ...body.records.map(record => record.totalInteractions ?? 0));
  const { returned, total } = body.meta.rows;
  fill(byId('queue-table'),
    h('div', { class: 'heading' },
      h('h2', { id: 'queue-table-title' }, 'Queues and media types'),
      h('p', { class: 'quiet', id: 'queue-table-rows' }, returned < total ? `${returned} of ${total} rows; the export includes all` : `${total} row${total === 1 ? '' : 's'}`),
      exportMenu('queues', 'the table', [{ query: { ...query, limit: null } }])),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of queues and media types' },
      h('table', { class: 'queues' },
        h('thead', {}, h('tr', {}, columns.slice(0, 3).map(column => heading(column, state, change)), h('th', { scope: 'col' }, 'Trend'),
          columns.slice(3).map(column => heading(column, state, change)))),
        h('tbody', {}, body.records.map(record => row(record, state, max, queues))))),
    returned < total && state.rows < maxRows
      ? h('button', { type: 'button', id: 'show-all-rows', class: 'show-all', onclick: () => change({ rows: maxRows }) }, total > maxRows ? `Show ${maxRows} rows` : `Show all ${total} rows`) : null);
}

const heading = (column, state, change) => sortHeading(column, state.sort, 'table', sort => change({ sort }));

function row(record, state, max, queues) {
  const name = queueName(record.queueId, queues, record.queueName);
  const division = distinguishingDivision(record.queueId, queues);
  const queueUrl = printState({ ...state, queueId: [record.queueId], divisionId: [], wall: false });
  return h('tr', { 'data-queue': record.queueId, 'data-media': record.mediaType },
    h('th', { scope: 'row' }, h('a', { href: queueUrl, id: `queue-${record.queueId}-${record.mediaType}`, class: 'own-view' }, name), division ? h('span', { class: 'quiet division' }, ` ${division}`) : null),
    h('td', {}, mediaTypeText(record.mediaType)),
    cell(figures[0], record, max),
    h('td', { class: 'line' }, sparkline(lines.get(`${record.queueId} ${record.mediaType}`))),
    figures.slice(1).map(figure => cell(figure, record, max)));
}

function cell(figure, record, max) {
  const value = record[figure.field];
  const change = changeOf(value, record.previous?.[figure.field], figure);
  const missed = isMissed(figure, record);
  return h('td', { class: `number ${missed ? 'missed' : ''}`, 'data-field': figure.field, 'data-value': value ?? '', title: change ? `${change.text} (previously ${figureText(record.previous[figure.field], figure.unit)})` : null },
    figure.field === 'totalInteractions' ? bar((value ?? 0) / max) : null,
    missed ? h('span', { class: 'spoken' }, 'below its target: ') : null, missed ? h('span', { 'aria-hidden': 'true' }, '▼ ') : null,
    figure.field === 'totalInteractions' ? h('span', { class: 'amount' }, figureText(value, figure.unit)) : columnText(value, figure.unit));
}

/** Draws the interactions of each queue and media type over time into the existing rows. */
export function showSparklines(body) {
  lines = new Map();
  for (const record of body.records) {
    const key = `${record.queueId} ${record.mediaType}`;
    if (!lines.has(key)) lines.set(key, []);
    lines.get(key).push(record.totalInteractions ?? 0);
  }
  for (const line of byId('queue-table').querySelectorAll('tbody tr')) {
    fill(line.querySelector('.line'), sparkline(lines.get(`${line.dataset.queue} ${line.dataset.media}`)));
  }
}

const maxPoints = 40;

function sparkline(buckets) {
  if (!buckets || buckets.length < 2) return null;
  // If there are many buckets, each point is the sum of several.
  const size = Math.ceil(buckets.length / maxPoints);
  const values = Array.from({ length: Math.floor(buckets.length / size) }, (_, index) => buckets.slice(index * size, (index + 1) * size).reduce((sum, value) => sum + value, 0));
  const max = Math.max(1, ...values);
  const point = (value, index) => `${((index / (values.length - 1)) * 96 + 2).toFixed(1)},${(21 - (value / max) * 18).toFixed(1)}`;
  return svg('svg', { class: 'sparkline', viewBox: '0 0 100 24', 'aria-hidden': 'true' }, svg('polyline', { points: values.map(point).join(' ') }));
}
