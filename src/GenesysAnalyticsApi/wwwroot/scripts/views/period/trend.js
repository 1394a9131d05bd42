// One figure over time, with the previous period behind it: a uPlot chart, and a table that screen readers can use.
import { byId, fill, h } from '../../display/elements.js';
import { figureOf } from '../../state/figures.js';
import { bucketText, bucketTexts, clockText, dayText, figureText, granularityText } from '../../display/format.js';
import { periodOf, trendGranularities, trendGranularity, defaultGranularity } from '../../state/periods.js';
import { explanationButton } from '../controls/explanations.js';
import { exportMenu } from '../controls/exportMenu.js';

let chart = null;
let shown = null;

/** @param change callback that receives the changed properties of the state */
export const trendHeading = (state, change, ...more) => h('div', { class: 'heading' },
  h('h2', { id: 'trend-title' }, `${figureOf(state.figure).title} per ${granularityText[trendGranularity(state)]}`),
  explanationButton(state.figure, 'trend'),
  h('label', { class: 'quiet detail' }, 'Detail ',
    h('select', { id: 'granularity', onchange: event => change({ granularity: event.target.value || null }) },
      h('option', { value: '', selected: state.granularity === null }, `automatic (${granularityText[defaultGranularity(state)]})`),
      trendGranularities(state).map(size => h('option', { value: size, selected: state.granularity === size }, granularityText[size])))),
  more);

/**
 * @param period the bounds of the period; whole buckets can exceed them
 * @param change callback that receives the changed properties of the state
 */
export function showTrend(state, query, body, period, change) {
  const figure = figureOf(state.figure);
  shown = { state, query, body };
  const last = body.records.at(-1);
  const isRunning = last && Date.parse(last.to) > Date.parse(body.meta.asOf ?? 0);
  fill(byId('trend'),
    trendHeading(state, change, exportMenu('trend', 'the trend', [{ query }])),
    h('p', { class: 'legend', id: 'trend-legend' },
      h('span', { class: 'key current' }, periodOf(state).title), h('span', { class: 'key before' }, `Previous: ${periodOf(state).previous}`),
      figure.target ? h('span', { class: 'key target-line' }, 'Target') : null,
      body.query.interval !== period ? h('span', { class: 'quiet' }, `Extended to whole ${granularityText[query.granularity]}s.`) : null,
      isDense(body) ? h('span', { class: 'quiet' }, 'Drag to zoom in; double-click to zoom out.') : null,
      isRunning ? h('span', { class: 'quiet' }, `The ${granularityText[query.granularity]} starting ${labelOf(last, query, state)} is still in progress.`) : null),
    h('p', { class: 'readout', id: 'trend-readout', 'aria-hidden': 'true' }, ' '),
    h('div', { id: 'trend-chart', class: 'chart', role: 'img', 'aria-label': `Line chart of ${figure.title.toLowerCase()}. The table below has its figures.` }),
    h('details', { class: 'as-table', id: 'trend-as-table' }, h('summary', { id: 'trend-as-table-summary' }, 'Show as a table'), asTable(figure, query, state, body)));
  draw();
}

const labelOf = (record, query, state) => bucketText(record.from, query.granularity, state.timeZone);

function asTable(figure, query, state, body) {
  const records = body.records.slice(-maxTableRows);
  const labels = bucketTexts(records.map(record => record.from), query.granularity, state.timeZone);
  const head = h('tr', {}, h('th', { scope: 'col' }, 'From'), h('th', { scope: 'col', class: 'number' }, figure.title), h('th', { scope: 'col', class: 'number' }, 'Previous'));
  const rows = records.map((record, index) => h('tr', {},
    h('th', { scope: 'row' }, labels[index]),
    h('td', { class: 'number', 'data-value': record[figure.field] ?? '' }, `${figureText(record[figure.field], figure.unit)}${record.complete ? '' : ' (incomplete)'}`),
    h('td', { class: 'number quiet' }, figureText(record.previous?.[figure.field], figure.unit))));
  const note = records.length < body.records.length ? h('p', { id: 'trend-rows' }, `The last ${figureText(records.length, 'count')} of ${figureText(body.records.length, 'count')} rows; the export includes all.`) : null;
  return [note, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of the trend' }, h('table', {}, h('thead', {}, head), h('tbody', {}, rows)))];
}

/** More rows would make the browser slow. */
const maxTableRows = 1000;

/** Redraws the chart when its width or the color scheme changes. */
export function startTrend() {
  new ResizeObserver(() => { if (chart && byId('trend-chart')) chart.setSize(sizeOf(byId('trend-chart'))); }).observe(byId('main'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (shown && byId('trend-chart')) draw(); });
}

const sizeOf = place => ({ width: Math.max(200, place.clientWidth), height: Math.min(320, Math.max(180, Math.round(place.clientWidth / 4))) });

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw() {
  const place = byId('trend-chart');
  const { state, query, body } = shown;
  const figure = figureOf(state.figure);
  chart?.destroy();
  place.replaceChildren();
  const options = lineChart(figure, query, state, sizeOf(place), chart => readout(chart, body, figure, query, state));
  chart = new uPlot(isDense(body) ? dense(options) : options, lineValues(figure, body.records), place);
  place.querySelectorAll('canvas').forEach(canvas => canvas.setAttribute('aria-hidden', 'true'));
}

/** Whether the chart has so many points that several share a pixel. */
const isDense = body => body.records.length > 1000;

/** Adds thin lines and zooming by dragging. */
const dense = options => ({
  ...options, cursor: { ...options.cursor, drag: { x: true, y: false } }, series: options.series.map(series => ({ ...series, width: 1 })),
});

/** The values of a line chart of one figure: time, previous and current value and, if the figure has one, the target. */
export const lineValues = (figure, records) => [
  records.map(record => Date.parse(record.from) / 1000),
  records.map(record => record.previous?.[figure.field] ?? null),
  records.map(record => record[figure.field]),
  ...(figure.target ? [records.map(record => record[figure.target])] : []),
];

/** The uPlot options of the line chart. */
export function lineChart(figure, query, state, size, onCursor = null, scale = 1) {
  const font = `${12 * scale}px system-ui, sans-serif`;
  const axis = { stroke: color('--quiet'), font, grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1, size: 4 } };
  const line = { spanGaps: false, points: { show: true, size: 5 * scale, filter: isolated } };
  return {
    ...size,
    padding: [12 * scale, 44 * scale, 0, 0],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), state.timeZone),
    legend: { show: false },
    cursor: { show: onCursor !== null, y: false, points: { size: 7 }, drag: { x: false, y: false } },
    hooks: onCursor ? { setCursor: [onCursor] } : {},
    scales: { x: { time: true }, y: { range: (_, min, max) => [figure.unit === 'ratio' ? Math.min(0, min ?? 0) : 0, top(figure, max)] } },
    axes: [
      { ...axis, space: (query.granularity.startsWith('P1') ? 92 : 68) * scale, size: 28 * scale, values: (_, ticks) => ticks.map((tick, index) => tickText(tick * 1000, ticks[index - 1] * 1000, query.granularity, state.timeZone)) },
      { ...axis, space: 34 * scale, size: (_, texts) => (texts ? Math.max(...texts.map(text => text.length)) * 7.2 * scale + 14 : 40), values: (_, ticks) => ticks.map(tick => figureText(tick, figure.unit)), incrs: steps(figure.unit) },
    ],
    series: [
      {},
      { ...line, stroke: color('--before'), width: 1.5 * scale, dash: [5 * scale, 4 * scale] },
      { ...line, stroke: color('--accent'), width: 2.25 * scale, fill: color('--accent-faint') },
      ...(figure.target ? [{ ...line, stroke: color('--target'), width: 1.5 * scale, dash: [2 * scale, 3 * scale] }] : []),
    ],
  };
}

/** Draws a dot for a bucket without neighbors, because a line needs two points. */
const isolated = (chart, series) => chart.data[series].flatMap((value, index, values) =>
  (value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null ? [index] : []));

const top = (figure, max) => (figure.unit === 'ratio' ? Math.max(figure.field === 'abandonRate' ? Math.min(1, (max || 0.05) * 1.2) : 1, max ?? 1) : (max || 1) * 1.1);

/** Round steps for the axis: seconds to days for durations, 1 to 50 % for ratios, otherwise whole numbers. */
const steps = unit => (unit === 'ms' ? [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 432_000, 864_000].map(seconds => seconds * 1000)
  : unit === 'ratio' ? [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5]
    : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]);

/** The day where it changes, otherwise only the time. */
function tickText(instant, previous, granularity, timeZone) {
  if (granularity.startsWith('P1')) return bucketText(instant, granularity, timeZone);
  const time = clockText(instant, timeZone);
  const isNewDay = Number.isFinite(previous) && dayText(instant, timeZone) !== dayText(previous, timeZone);
  return isNewDay || /^(00|12)[:.]00( AM)?$/.test(time) && !/12[:.]00$/.test(time) ? dayText(instant, timeZone) : time;
}

function readout(chart, body, figure, query, state) {
  const record = body.records[chart.cursor.idx];
  byId('trend-readout').textContent = record
    ? `${labelOf(record, query, state)}: ${figureText(record[figure.field], figure.unit)}, previously ${figureText(record.previous?.[figure.field], figure.unit)}${record.complete ? '' : ' (incomplete)'}`
    : ' ';
}
