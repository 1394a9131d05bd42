// How agents wrapped up the sessions of one queue: the share of each wrap-up code, and its average handle time.
import { bar, byId, fill, h } from '../../display/elements.js';
import { columnText, figureText } from '../../display/format.js';
import { codeNames } from '../../state/names.js';
import { isId } from '../../state/urlState.js';
import { exportMenu } from '../controls/exportMenu.js';

export function showWrapUpCodes(query, body) {
  for (const record of body.records) if (record.wrapUpCodeName) codeNames.set(record.wrapUpCode, record.wrapUpCodeName);
  const records = body.records.filter(record => (record.handled ?? 0) > 0);
  const total = records.reduce((sum, record) => sum + record.handled, 0);
  const max = Math.max(1, ...records.map(record => record.handled));
  fill(byId('wrap-up-codes'),
    h('div', { class: 'heading' }, h('h2', { id: 'wrap-up-codes-title' }, 'Wrap-up codes'), exportMenu('wrap-up-codes', 'the wrap-up codes', [{ query }])),
    total === 0 ? h('p', { class: 'quiet' }, 'No agent sessions ended in this period.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of wrap-up codes' },
        h('table', { class: 'mix codes' },
          h('thead', {}, h('tr', {}, ['Wrap-up code', 'Share', 'Handled', 'Average handle time'].map((title, index) => h('th', { scope: 'col', class: index > 0 ? 'number' : null }, title)))),
          h('tbody', {}, records.map(record => h('tr', { 'data-code': record.wrapUpCode ?? '' },
            h('th', { scope: 'row' }, codeName(record)),
            h('td', { class: 'number' }, bar(record.handled / max), h('span', { class: 'amount' }, columnText(record.handled / total, 'ratio'))),
            h('td', { class: 'number', 'data-value': record.handled }, figureText(record.handled, 'count')),
            h('td', { class: 'number' }, figureText(record.averageHandleTimeMs, 'ms'))))))));
}

/** The name of a code. A code that Genesys no longer lists has only an id. Genesys' own codes are words instead of ids. */
const codeName = record => record.wrapUpCodeName ?? (record.wrapUpCode === null ? 'No code' : isId(record.wrapUpCode) ? `Unlisted code ${record.wrapUpCode.slice(0, 8)}` : record.wrapUpCode);
