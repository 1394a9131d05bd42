// How the agent sessions of one queue ended: the share of each wrap-up code, and how long its sessions took.
import { bar, byId, fill, h } from '../elements.js';
import { figureText } from '../format.js';
import { isId } from '../state.js';
import { exportMenu } from './exportMenu.js';

/** The names of codes that the page knows, by id. */
export const codeNames = new Map();

export const codeText = code => codeNames.get(code) ?? (isId(code) ? `Code ${code.slice(0, 8)}` : code);

export function showWrapUpCodes(query, body) {
  for (const record of body.records) if (record.wrapUpCodeName) codeNames.set(record.wrapUpCode, record.wrapUpCodeName);
  const records = body.records.filter(record => (record.handled ?? 0) > 0);
  const all = records.reduce((sum, record) => sum + record.handled, 0);
  const most = Math.max(1, ...records.map(record => record.handled));
  fill(byId('wrap-up-codes'),
    h('div', { class: 'heading' }, h('h2', { id: 'wrap-up-codes-title' }, 'Wrap-up codes'), exportMenu('wrap-up-codes', 'the wrap-up codes', [{ query }])),
    all === 0 ? h('p', { class: 'quiet' }, 'No agent session ended in this period.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of wrap-up codes' },
        h('table', { class: 'mix codes' },
          h('thead', {}, h('tr', {}, ['Wrap-up code', 'Share', 'Handled', 'Average handle time'].map((title, index) => h('th', { scope: 'col', class: index > 0 ? 'number' : null }, title)))),
          h('tbody', {}, records.map(record => h('tr', { 'data-code': record.wrapUpCode ?? '' },
            h('th', { scope: 'row' }, codeName(record)),
            h('td', { class: 'number' }, bar(record.handled / most), h('span', { class: 'amount' }, figureText(record.handled / all, 'ratio'))),
            h('td', { class: 'number', 'data-value': record.handled }, figureText(record.handled, 'count')),
            h('td', { class: 'number' }, figureText(record.averageHandleTimeMs, 'ms'))))))));
}

/** A code that Genesys no longer lists has no name; Genesys' own codes are words. */
const codeName = record => record.wrapUpCodeName ?? (record.wrapUpCode === null ? 'Without a code' : isId(record.wrapUpCode) ? `Unlisted code ${record.wrapUpCode.slice(0, 8)}` : record.wrapUpCode);
