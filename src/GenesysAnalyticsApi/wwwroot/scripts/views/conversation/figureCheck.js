// Compares the figures of the selection with those that GET /reconciliation counts from individual conversations.
import { h } from '../../display/elements.js';
import { figureText, mediaTypeText } from '../../display/format.js';
import { titleOf } from '../controls/explanations.js';
import { queueName } from '../../state/names.js';

export const checkButton = check => h('button', { type: 'button', id: 'conversations-check', class: 'link', 'aria-disabled': check?.isLoading ? 'true' : null },
  check?.isLoading ? 'Counting the conversations…' : 'Check figures against conversations');

/** @param check has a response or a failure, or neither while it loads */
export function checkResult(check) {
  if (check?.failure) {
    return h('div', { class: 'notice warning', id: 'conversations-check-failure', role: 'alert' }, h('p', {}, h('strong', {}, check.failure.title)), h('p', {}, check.failure.detail ?? ''));
  }
  if (!check?.response) return null;
  const { meta, records } = check.response;
  const differences = records.flatMap(record => record.figures.filter(figure => figure.difference).map(figure => ({ record, figure })));
  return h('div', { class: `notice${meta.figures.unexplained > 0 ? ' warning' : ''}`, id: 'conversations-check-result', role: 'status' },
    h('p', {}, h('strong', {}, sentence(meta))),
    differences.length > 0 ? h('ul', {}, differences.slice(0, 10).map(({ record, figure }) => h('li', {}, differenceText(record, figure)))) : null);
}

function sentence({ figures, conversations }) {
  const counted = `${figureText(conversations, 'count')} conversation${conversations === 1 ? '' : 's'}`;
  const compared = figures.equal + figures.explained + figures.unexplained;
  if (compared === 0) return `The service counted ${counted} and found no figures to compare.`;
  if (figures.equal === compared) return `All ${figureText(compared, 'count')} figures of queues and media types equal those counted from ${counted}.`;
  return `${figureText(figures.equal, 'count')} of ${figureText(compared, 'count')} figures equal those counted from ${counted}. ${figureText(figures.explained, 'count')} ${figures.explained === 1 ? 'differs' : 'differ'} for a known reason, ${figureText(figures.unexplained, 'count')} for an unknown one.`;
}

const differenceText = (record, figure) =>
  `${queueName(record.queueId, [], record.queueName)}, ${mediaTypeText(record.mediaType)}, ${titleOf(figure.figure)}: ${figure.aggregates ?? 'none'} in the aggregates, ${figure.conversations ?? 'none'} counted (${figure.cause}).`;
