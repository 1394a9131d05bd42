// The share of each media type in all interactions.
import { bar, byId, fill, h } from '../../display/elements.js';
import { changeOf, columnText, figureText, mediaTypeText } from '../../display/format.js';
import { figureOf } from '../../state/figures.js';
import { exportMenu } from '../controls/exportMenu.js';

export function showMediaMix(query, body) {
  const records = body.records.filter(record => (record.totalInteractions ?? 0) > 0 || (record.previous?.totalInteractions ?? 0) > 0);
  const total = records.reduce((sum, record) => sum + (record.totalInteractions ?? 0), 0);
  fill(byId('media-mix'),
    h('div', { class: 'heading' }, h('h2', { id: 'media-mix-title' }, 'Media types'), exportMenu('media-types', 'the media types', [{ query }])),
    total === 0 ? h('p', { class: 'quiet' }, 'No interactions in this period.')
      : h('table', { class: 'mix' },
        h('caption', { class: 'spoken' }, 'Share of interactions by media type'),
        h('thead', { class: 'spoken' }, h('tr', {}, ['Media type', 'Share', 'Interactions', 'Change'].map(title => h('th', { scope: 'col' }, title)))),
        h('tbody', {}, records.map(record => {
          const share = record.totalInteractions / total;
          const change = changeOf(record.totalInteractions, record.previous?.totalInteractions, figureOf('totalInteractions'));
          return h('tr', { 'data-media': record.mediaType },
            h('th', { scope: 'row' }, mediaTypeText(record.mediaType)),
            h('td', { class: 'number' }, bar(share), h('span', { class: 'amount' }, columnText(share, 'ratio'))),
            h('td', { class: 'number', 'data-value': record.totalInteractions }, figureText(record.totalInteractions, 'count')),
            h('td', { class: 'quiet' }, change ? change.text : ''));
        }))));
}
