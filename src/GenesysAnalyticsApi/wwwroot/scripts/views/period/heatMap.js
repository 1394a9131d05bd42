// One figure by weekday and hour. Each cell shows its value; its shade shows where the value lies between the smallest and the largest.
import { byId, fill, h } from '../../display/elements.js';
import { combined, combinedText, figureOf } from '../../state/figures.js';
import { figureText, intervalText, shortDuration, spokenText } from '../../display/format.js';
import { explanationButton } from '../controls/explanations.js';
import { exportMenu } from '../controls/exportMenu.js';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const longWeekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const shades = 6;

export const heatMapHeading = (state, parts = []) => {
  const figure = figureOf(state.figure);
  return h('div', { class: 'heading' },
    h('h2', { id: 'heat-map-title' }, `${figure.title} by weekday and hour`),
    explanationButton(figure.field, 'heat-map'),
    parts.length > 0 ? exportMenu('heat-map', 'the heat map', parts) : null);
};

/** Shows the progress while the page loads a period in parts. */
export const showHeatMapProgress = (state, done, total) => fill(byId('heat-map'), heatMapHeading(state),
  h('p', { class: 'loading' }, total > 1 ? `Loading part ${done + 1} of ${total}. ` : 'Loading… ', h('progress', { max: total, value: done, 'aria-label': 'Parts loaded' })));

/** @param note the part of the period that the heat map covers, or null if it covers all of it */
export function showHeatMap(state, note, parts) {
  const figure = figureOf(state.figure);
  const cells = new Map();
  for (const record of parts.flatMap(part => part.body.records)) {
    const day = (new Date(`${record.localFrom.slice(0, 10)}T00:00Z`).getUTCDay() + 6) % 7;
    const key = day * 24 + Number(record.localFrom.slice(11, 13));
    cells.set(key, [...(cells.get(key) ?? []), record]);
  }
  const values = new Map([...cells].map(([key, records]) => [key, records.length === 1 ? records[0][figure.field] : combined(figure.field, records)]));
  const present = [...values.values()].filter(value => value !== null && value !== undefined);
  const max = Math.max(...present, 0);
  const min = figure.unit === 'count' ? 0 : Math.min(...present, max);
  const interval = `${parts[0].body.query.interval.split('/')[0]}/${parts.at(-1).body.query.interval.split('/')[1]}`;
  const incomplete = parts.some(part => !part.body.meta.complete);
  fill(byId('heat-map'),
    heatMapHeading(state, parts.map(part => ({ query: part.query, title: intervalText(part.body.query.interval, state.timeZone) }))),
    h('p', { class: 'quiet', id: 'heat-map-range' },
      `${note ? `${note}: ` : ''}${intervalText(interval, state.timeZone)}${parts.length > 1 ? `. ${combinedText(figure)}` : '.'}${incomplete ? ' Incomplete: some data is missing.' : ''}`),
    values.size === 0 ? h('p', { class: 'quiet' }, 'No interactions in this period.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of weekdays and hours' },
        h('table', { class: 'heat' },
          h('thead', {}, h('tr', {}, h('td', {}), hours.map(hour => h('th', { scope: 'col' }, String(hour).padStart(2, '0'))))),
          h('tbody', {}, weekdays.map((weekday, day) => h('tr', {},
            h('th', { scope: 'row', abbr: longWeekdays[day] }, weekday),
            hours.map(hour => cell(values.get(day * 24 + hour), min, max, figure, `${longWeekdays[day]}, ${hour}:00`))))))),
    values.size === 0 ? null : h('p', { class: 'scale quiet', 'aria-hidden': 'true' }, figureText(min, figure.unit),
      Array.from({ length: shades }, (_, shade) => h('span', { class: `swatch shade-${shade + 1}` })), figureText(max, figure.unit)));
}

function cell(value, min, max, figure, when) {
  if (value === undefined || value === null) return h('td', { class: 'none', title: `${when}: no value` }, h('span', { class: 'spoken' }, 'no value'));
  const shade = max === min ? (max === 0 ? 0 : shades) : value === 0 && figure.unit === 'count' ? 0 : Math.max(1, Math.ceil(((value - min) / (max - min)) * shades));
  return h('td', { class: `shade-${shade}`, title: `${when}: ${figureText(value, figure.unit)}`, 'data-value': value },
    h('span', { 'aria-hidden': 'true' }, shortText(value, figure.unit)), h('span', { class: 'spoken' }, spokenText(value, figure.unit)));
}

/** Omits most units, because cells are small. The tooltip and the scale have them. */
function shortText(value, unit) {
  switch (unit) {
    case 'ratio': return String(Math.round(value * 100));
    case 'ms': return shortDuration(value);
    default: return value >= 10_000 ? `${Math.round(value / 1000)}k` : figureText(value, unit);
  }
}
