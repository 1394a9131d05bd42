// The conversations that a figure is made of. They are read only when a person opens them, selects something else or asks for more; never in a round.
import { ApiFailure, getAll, request, urlOf } from './api.js';
import { byId } from './elements.js';
import { conversationsQuery, reconciliationQuery } from './queries.js';
import { codeNames } from './views/wrapUpCodes.js';
import { hideConversations, showConversations, showConversationsAge, showConversationsHead } from './views/conversationList.js';
import { startTimeline } from './views/timeline.js';

/** What is listed: the query, its records so far, the worst of their metadata, and the cursor of the next page. */
let list = null;
let loading = new AbortController();
/** The record of the period, whose figure the list belongs to. */
let figures = null;
let isDenied = false;
let stateNow = () => null;

/** @param state the current state of the page */
export function startConversations(state) {
  stateNow = state;
  startTimeline(state);
  setInterval(() => { if (list) showConversationsAge(stateNow(), list); }, 10_000);
  document.addEventListener('click', event => {
    const id = event.target instanceof Element ? event.target.closest('#conversations-more, #conversations-again, #conversations-check')?.id : null;
    if (id === 'conversations-more') load();
    if (id === 'conversations-again') reload();
    if (id === 'conversations-check' && list && !list.check?.isLoading) check();
  });
}

/** Follows the address: opens, changes or closes the list. */
export function followConversations() {
  const state = stateNow();
  for (const link of document.querySelectorAll('#key-figures a[data-list]')) {
    if (link.dataset.list === state?.conversations) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  if (!state?.conversations) {
    loading.abort();
    const closed = list;
    list = null;
    hideConversations(closed?.field);
    return;
  }
  const query = conversationsQuery(state);
  const isSame = list && urlOf('', list.query) === urlOf('', query);
  if (isSame) {
    list.field = state.conversations;
    showConversationsHead(state, list, figures);
  } else reload();
}

/** @param record of the period, or null while it is loaded */
export function setFigures(record) {
  figures = record;
  if (list) showConversationsHead(stateNow(), list, figures);
}

/** Names of agents and wrap-up codes have become known. */
export function namesAreKnown() {
  if (list?.records.length > 0) showConversations(stateNow(), list, figures);
}

/** Another key may see what this one did not. */
export function allowConversations() {
  isDenied = false;
  delete byId('key-figures').dataset.denied;
  list = null;
  followConversations();
}

function reload() {
  const state = stateNow();
  list = { field: state.conversations, query: conversationsQuery(state), interval: null, records: [], asOf: null, complete: true, warnings: [], next: null, failure: null, isLoading: false, isDenied };
  if (isDenied) showConversations(state, list, figures);
  else load();
}

/** Reads the first page, or the next one. */
async function load() {
  loading.abort();
  const { signal } = loading = new AbortController();
  const target = list;
  const known = target.records.length;
  Object.assign(target, { isLoading: true, failure: null });
  showConversations(stateNow(), target, figures);
  try {
    const page = await (await request(urlOf('conversations', { ...target.query, cursor: target.next }), { signal })).json();
    target.interval = page.query.interval;
    target.records.push(...page.records);
    target.next = page.nextCursor ?? null;
    target.complete &&= page.meta.complete;
    target.warnings = [...new Set([...target.warnings, ...page.meta.warnings.map(warning => warning.message)])];
    // The oldest page decides.
    if (target.asOf === null || (page.meta.asOf !== null && page.meta.asOf < target.asOf)) target.asOf = page.meta.asOf;
  } catch (failure) {
    if (failure.name === 'AbortError') return;
    if (!(failure instanceof ApiFailure)) throw failure;
    if (failure.status === 403) {
      target.isDenied = isDenied = true;
      byId('key-figures').dataset.denied = '';
    } else target.failure = failure;
  }
  target.isLoading = false;
  if (target !== list) return;
  const hadFocus = document.activeElement?.id === 'conversations-more';
  showConversations(stateNow(), target, figures);
  if (hadFocus && target.records.length > known) byId(`conversation-${known}`)?.focus();
  await loadCodeNames(target, signal);
}

/** Counts the figures of the selection from its conversations. */
async function check() {
  const target = list;
  target.check = { isLoading: true };
  showConversationsAge(stateNow(), target);
  try {
    const response = await request(urlOf('reconciliation', reconciliationQuery(stateNow())), { signal: loading.signal });
    target.check = { response: await response.json() };
  } catch (failure) {
    target.check = failure instanceof ApiFailure ? { failure } : null;
    if (!(failure instanceof ApiFailure) && failure.name !== 'AbortError') throw failure;
  }
  if (target !== list) return;
  showConversationsAge(stateNow(), target);
  byId('conversations-check')?.focus();
}

let areCodesRead = false;

/** The page of one queue knows the names of its codes; otherwise they are read once. Without them, ids are shown. */
async function loadCodeNames(target, signal) {
  if (areCodesRead || target.records.every(record => record.wrapUpCodes.every(code => codeNames.has(code)))) return;
  areCodesRead = true;
  try {
    for (const code of await getAll('wrapup-codes', signal)) codeNames.set(code.id, code.name);
  } catch {
    areCodesRead = !signal.aborted;
  }
  namesAreKnown();
}
