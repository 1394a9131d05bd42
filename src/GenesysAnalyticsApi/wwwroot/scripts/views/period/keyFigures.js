// The key figures with their change from the previous period. A click selects the figure of the trend and the heat map.
import { byId, fill, h } from '../../display/elements.js';
import { figures, isMissed, targetOf } from '../../state/figures.js';
import { changeOf, changeSign, figureText, intervalText, spokenText } from '../../display/format.js';
import { periodOf } from '../../state/periods.js';
import { printState } from '../../state/urlState.js';
import { explanationButton } from '../controls/explanations.js';
import { exportMenu } from '../controls/exportMenu.js';

/** @param compared the response with the previous period; null while it loads, or if it failed */
export function showKeyFigures(state, query, body, compared, select) {
  const record = body.records[0] ?? null;
  const previous = compared?.records[0]?.previous ?? null;
  const interval = compared ? intervalText(compared.query.compareInterval, state.timeZone) : null;
  const missing = compared && !compared.meta.complete && body.meta.complete ? ' Some data for that period is missing.' : '';
  fill(byId('key-figures'),
    h('div', { class: 'heading' },
      h('h2', { id: 'key-figures-title' }, 'Key figures'),
      interval ? h('p', { class: 'quiet', id: 'compared-with' }, `compared with ${periodOf(state).previous}: ${interval}.${missing}`) : null,
      exportMenu('key-figures', 'the key figures', [{ query }])),
    h('ul', { class: 'tiles' }, figures.map(figure => tile(figure, record, previous, state, select))));
}

function tile(figure, record, previousRecord, state, select) {
  const value = record?.[figure.field] ?? null;
  const previous = previousRecord?.[figure.field] ?? null;
  const change = changeOf(value, previous, figure);
  return h('li', { class: figure.field === state.figure ? 'tile chosen' : 'tile', 'data-figure': figure.field },
    h('button', {
      type: 'button', class: 'figure', id: `figure-${figure.field}`, 'aria-pressed': String(figure.field === state.figure), onclick: () => select(figure.field),
    },
    h('span', { class: 'name' }, figure.title),
    h('span', { class: 'value', 'data-value': value === null ? '' : String(value) },
      h('span', { 'aria-hidden': 'true' }, figureText(value, figure.unit)), h('span', { class: 'spoken' }, spokenText(value, figure.unit)))),
    explanationButton(figure.field, 'figure'),
    h('p', { class: `change ${change?.verdict ?? ''}` },
      change ? [h('span', { 'aria-hidden': 'true' }, `${changeSign[change.direction]} `), change.text, ' ', h('span', { class: 'quiet' }, `(${figureText(previous, figure.unit)})`)]
        : value === null ? 'no value in this period' : 'nothing to compare with'),
    targetText(figure, record, value),
    listLink(figure, state));
}

function targetText(figure, record, value) {
  if (!figure.target) return null;
  const target = targetOf(figure, record);
  if (target === null) return h('p', { class: 'target quiet' }, 'no common target');
  const missed = isMissed(figure, record);
  return h('p', { class: `target ${missed ? 'worse' : 'quiet'}` }, `target ${figureText(target, 'ratio')}${value === null ? '' : missed ? ', not met' : ', met'}`);
}

/** The link that lists the conversations behind the figure. */
const listLink = (figure, state) => h('a', {
  class: 'own-view to-list', id: `list-${figure.field}`, 'data-list': figure.field, href: printState({ ...state, conversations: figure.field }), 'aria-current': figure.field === state.conversations ? 'true' : null,
}, 'Conversations', h('span', { class: 'spoken' }, ` behind ${figure.title}`));
