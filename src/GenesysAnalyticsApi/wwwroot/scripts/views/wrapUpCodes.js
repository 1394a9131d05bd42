// How the agent sessions of one queue ended: the share of each wrap-up code, and how long its sessions took.
import { bar, byId, fill, h } from '../elements.js';
import { figureText } from '../format.js';
import { exportMenu } from './exportMenu.js';

export function showWrapUpCodes(query, body) {
  const records = body.records.filter(record => (record.handled ?? 0) > 0);
  const all = records.reduce((sum, record) => sum + record.handled, 0);
  fill(byId('wrap-up-codes'),
    h('div', { class: 'heading' }, h('h2', { id: 'wrap-up-codes-title' }, 'Wrap-up codes'), exportMenu('wrap-up-codes', 'the wrap-up codes', [{ query }])),
    all === 0 ? h('p', { class: 'quiet' }, 'No agent session ended in this period.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of wrap-up codes' },
        h('table', { class: 'mix codes' },
          h('thead', {}, h('tr', {}, ['Wrap-up code', 'Share', 'Handled', 'Average handle time'].map((title, index) => h('th', { scope: 'col', class: index > 0 ? 'number' : null }, title)))),
          h('tbody', {}, records.map(record => h('tr', { 'data-code': record.wrapUpCode ?? '' },
            h('th', { scope: 'row' }, codeName(record)),
            h('td', { class: 'number' }, bar(record.handled / all), figureText(record.handled / all, 'ratio')),
            h('td', { class: 'number', 'data-value': record.handled }, figureText(record.handled, 'count')),
            h('td', { class: 'number' }, figureText(record.averageHandleTimeMs, 'ms'))))))));
}

const codeName = record => record.wrapUpCodeName ?? record.wrapUpCode ?? 'Without a code';
