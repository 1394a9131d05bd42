// The list of conversations behind a figure: the figure, how old and complete the list is, and one row for each conversation, queue and media type.
import { apiKey } from '../../requests/api.js';
import { byId, fill, h } from '../../display/elements.js';
import { figureOfList, lists } from '../../state/figures.js';
import { absent, dataAgeText, dayText, durationText, figureText, intervalText, mediaTypeText, secondText, wordText } from '../../display/format.js';
import { agentName, agentNames, codeText, queueName } from '../../state/names.js';
import { conversationsFilter } from '../../state/queries.js';
import { printState } from '../../state/urlState.js';
import { exportMenu } from '../controls/exportMenu.js';
import { checkButton, checkResult } from './figureCheck.js';

export function hideConversations(field) {
  const section = byId('conversations');
  const hadFocus = section.contains(document.activeElement);
  section.hidden = true;
  section.replaceChildren();
  // Returns the focus to the link that opened the list.
  if (hadFocus) (byId(`list-${field}`) ?? byId('key-figures')).focus();
}

export const focusConversations = () => {
  byId('conversations-title')?.focus({ preventScroll: true });
  byId('conversations').scrollIntoView({ block: 'start' });
};

/** @param list the records and metadata loaded so far */
export function showConversations(state, list, figures) {
  const section = byId('conversations');
  section.hidden = false;
  section.setAttribute('aria-busy', String(list.isLoading));
  if (section.children.length === 0) section.append(...['head', 'body', 'foot'].map(part => h('div', { id: `conversations-${part}` })));
  showConversationsHead(state, list, figures);
  fill(byId('conversations-body'), contents(state, list));
  showConversationsAge(state, list);
}

export function showConversationsHead(state, list, figures) {
  const figure = figureOfList(list.field);
  const value = figures ? `: ${figureText(figures[figure.field], figure.unit)}` : '';
  fill(byId('conversations-head'),
    h('div', { class: 'heading' },
      h('h2', { id: 'conversations-title', tabindex: '-1' }, 'Conversations'),
      list.interval ? h('p', { class: 'quiet' }, intervalText(list.interval, state.timeZone)) : null,
      list.isDenied ? null : exportMenu('conversations', 'the conversations', [{ query: list.query, path: 'conversations', formats: ['csv'] }]),
      h('a', { id: 'conversations-close', class: 'own-view close', href: printState({ ...state, conversations: null }), 'data-list': '', 'aria-label': 'Close the conversations' }, 'Close')),
    list.isDenied ? null : [
      h('p', { id: 'conversations-sentence' }, h('strong', {}, `${figure.title}${value}.`), ` ${figure.conversations}`),
      h('nav', { class: 'lists', 'aria-label': 'Lists of conversations' }, lists.map(option => h('a', {
        class: 'own-view', id: `lists-${option.field}`, 'data-list': option.field, href: printState({ ...state, conversations: option.field }), 'aria-current': isSameList(option, figure) ? 'true' : null,
      }, option.list))),
    ]);
}

const isSameList = (a, b) => JSON.stringify(conversationsFilter(a.field)) === JSON.stringify(conversationsFilter(b.field));

function contents(state, list) {
  if (list.isDenied) {
    return h('p', { class: 'notice', id: 'conversations-denied', role: 'status' }, `Listing conversations requires the details scope, which ${apiKey.get() ? 'this key does' : 'callers without a key do'} not have.`);
  }
  if (list.records.length === 0 && list.isLoading) return h('p', { class: 'loading', role: 'status' }, 'Loading conversations…');
  if (list.records.length === 0) return list.failure || list.next ? null : h('p', { id: 'conversations-empty', role: 'status' }, 'No conversations of this kind in this selection.');
  const shown = columns.filter(column => !column.isShown || column.isShown(state));
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of conversations' },
    h('table', { class: 'queues conversations' },
      h('thead', {}, h('tr', {}, shown.map(column => h('th', { scope: 'col', class: column.isTime ? 'number' : null }, column.title)))),
      h('tbody', {}, list.records.map((record, index) => h('tr', { 'data-conversation': record.conversationId, 'data-queue': record.queueId ?? '', 'data-index': index },
        shown.map(column => cell(column, record, index, state, list)))))));
}

const columns = [
  { field: 'conversationStart', title: 'Start' },
  { field: 'queueId', title: 'Queue', text: record => (record.queueId === null ? 'No queue' : queueName(record.queueId, [], record.queueName)) },
  { field: 'mediaType', title: 'Media type', text: record => mediaTypeText(record.mediaType) },
  { field: 'direction', title: 'Direction', text: record => wordText(record.direction) },
  { field: 'outcome', title: 'Outcome', text: record => (record.outcome === 'flowOut' ? 'Flow-out' : wordText(record.outcome)) },
  { field: 'waitTimeMs', title: 'Wait', isTime: true },
  { field: 'talkTimeMs', title: 'Talk', isTime: true },
  { field: 'holdTimeMs', title: 'Hold', isTime: true },
  { field: 'wrapTimeMs', title: 'Wrap-up', isTime: true },
  { field: 'handleTimeMs', title: 'Handle', isTime: true },
  { field: 'agents', title: 'Agents', text: record => (record.agents ?? []).map(agent => agentName(agent)).join(', ') || absent, isShown: state => state.queueId.length === 1 && agentNames.size > 0 },
  { field: 'transferred', title: 'Transferred', text: record => (record.transferred ? 'Yes' : 'No') },
  { field: 'wrapUpCodes', title: 'Wrap-up codes', text: record => record.wrapUpCodes.map(codeText).join(', ') || absent },
  { field: 'disconnectType', title: 'Disconnect type', text: record => record.disconnectType ?? absent },
  { field: 'provisional', title: 'State', text: record => (record.provisional ? 'Provisional' : 'Final') },
];

function cell(column, record, index, state, list) {
  const value = record[column.field];
  if (column.field === 'conversationStart') {
    return h('th', { scope: 'row', 'data-field': column.field, 'data-value': value },
      h('button', { type: 'button', class: 'link timeline-button', id: `conversation-${index}`, 'data-conversation': record.conversationId, 'aria-haspopup': 'dialog' },
        h('span', { class: 'spoken' }, 'Timeline of '), startText(value, list.interval, state.timeZone)));
  }
  return h('td', { class: column.isTime ? 'number' : column.field === 'provisional' ? (value ? 'provisional' : 'quiet') : null, 'data-field': column.field, 'data-value': value === null ? '' : String(value) },
    column.isTime ? (value === null ? absent : durationText(value)) : column.text(record));
}

/** Only the time if the list covers one day and the conversation started on that day, otherwise the day as well. */
function startText(start, interval, timeZone) {
  const [from, to] = interval.split('/');
  const days = [from, new Date(Date.parse(to) - 1), start].map(instant => dayText(instant, timeZone));
  return `${new Set(days).size === 1 ? '' : `${days[2]}, `}${secondText(start, timeZone)}`;
}

/** Shows the number of listed conversations, their age, and what is missing or provisional. */
export function showConversationsAge(state, list) {
  const { records, failure, isLoading, isDenied } = list;
  const provisional = records.filter(record => record.provisional).length;
  const isEmpty = records.length === 0;
  fill(byId('conversations-foot'),
    isDenied || (isEmpty && !failure && !list.next) ? null : h('p', { class: 'facts' },
      h('span', { class: 'fact', id: 'conversations-count', role: 'status' }, countText(list)),
      list.asOf ? h('span', { class: 'fact', id: 'conversations-age' }, dataAgeText(list.asOf, state.timeZone)) : null,
      list.complete ? null : h('span', { class: 'fact bad', id: 'conversations-incomplete' }, 'Incomplete: some conversations are missing'),
      provisional > 0 ? h('span', { class: 'fact', id: 'conversations-provisional' }, `${provisional === records.length ? 'All' : figureText(provisional, 'count')} provisional: Genesys Cloud may still change them`) : null),
    isDenied || isEmpty ? null : h('p', { class: 'quiet about-list' }, 'A conversation that is only partly in this period appears with all its times. A conversation in several queues has a row for each queue. The list can therefore have a few more rows than the figure counts.'),
    list.warnings.length > 0 ? h('ul', { class: 'notes', id: 'conversations-notes' }, list.warnings.map(warning => h('li', {}, warning))) : null,
    failure ? h('div', { class: 'notice warning', id: 'conversations-failure', role: 'alert' }, h('p', {}, h('strong', {}, failure.title)), h('p', {}, failure.detail ?? '')) : null,
    isDenied ? null : h('p', { class: 'buttons' },
      list.next || (failure && isEmpty) ? h('button', { type: 'button', id: 'conversations-more', 'aria-disabled': isLoading ? 'true' : null }, isLoading ? 'Loading…' : failure ? 'Try again' : isEmpty ? 'Keep searching' : 'Show more') : null,
      isLoading || (failure && isEmpty) ? null : h('button', { type: 'button', id: 'conversations-again', class: 'link' }, 'Refresh the list'),
      isEmpty ? null : checkButton(list.check)),
    checkResult(list.check));
}

/** "100 conversations, latest first. There are more." */
function countText({ records, next, isLoading }) {
  const distinct = new Set(records.map(record => record.conversationId)).size;
  const rows = distinct === records.length ? '' : ` in ${figureText(records.length, 'count')} rows`;
  if (records.length === 0) return isLoading ? 'Loading…' : next ? 'None found so far.' : '';
  return `${figureText(distinct, 'count')} conversation${distinct === 1 ? '' : 's'}${rows}, latest first. ${next ? 'There are more.' : 'There are no more.'}`;
}
