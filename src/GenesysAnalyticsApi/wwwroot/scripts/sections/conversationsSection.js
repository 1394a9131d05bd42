// Loads the conversations behind a figure, only when the user opens the list, changes the selection or requests more rows. Rounds do not load them.
import { ApiFailure, getAll, request, urlOf } from '../requests/api.js';
import { byId } from '../display/elements.js';
import { conversationsQuery, reconciliationQuery } from '../state/queries.js';
import { codeNames } from '../state/names.js';
import { hideConversations, showConversations, showConversationsAge, showConversationsHead } from '../views/conversation/conversationList.js';
import { startTimeline } from '../views/conversation/timeline.js';

/** The open list: its query, the records so far, their combined metadata, and the cursor of the next page. */
let list = null;
let loading = new AbortController();
/** The record of the period, which has the figure above the list. */
let figures = null;
let isDenied = false;
let currentState = () => null;

/** @param state function that returns the current state of the page */
export function startConversations(state) {
  currentState = state;
  startTimeline(state);
  setInterval(() => { if (list) showConversationsAge(currentState(), list); }, 10_000);
  document.addEventListener('click', event => {
    const id = event.target instanceof Element ? event.target.closest('#conversations-more, #conversations-again, #conversations-check')?.id : null;
    if (id === 'conversations-more') load();
    if (id === 'conversations-again') reload();
    if (id === 'conversations-check' && list && !list.check?.isLoading) check();
  });
}

/** Opens, changes or closes the list to match the state. */
export function followConversations() {
  const state = currentState();
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

/** @param record the record of the period, or null while it loads */
export function setFigures(record) {
  figures = record;
  if (list) showConversationsHead(currentState(), list, figures);
}

/** Renders the list again after names of agents or wrap-up codes have been loaded. */
export function refreshNames() {
  if (list?.records.length > 0) showConversations(currentState(), list, figures);
}

/** Forgets that access was denied, because a new key may have access. */
export function resetConversations() {
  isDenied = false;
  delete byId('key-figures').dataset.denied;
  list = null;
  followConversations();
}

function reload() {
  const state = currentState();
  list = { field: state.conversations, query: conversationsQuery(state), interval: null, records: [], asOf: null, complete: true, warnings: [], next: null, failure: null, isLoading: false, isDenied };
  if (isDenied) showConversations(state, list, figures);
  else load();
}

/** Loads the first page, or the next one. */
async function load() {
  loading.abort();
  const { signal } = loading = new AbortController();
  const target = list;
  const previousCount = target.records.length;
  Object.assign(target, { isLoading: true, failure: null });
  showConversations(currentState(), target, figures);
  try {
    const page = await (await request(urlOf('conversations', { ...target.query, cursor: target.next }), { signal })).json();
    target.interval = page.query.interval;
    target.records.push(...page.records);
    target.next = page.nextCursor ?? null;
    target.complete &&= page.meta.complete;
    target.warnings = [...new Set([...target.warnings, ...page.meta.warnings.map(warning => warning.message)])];
    // The list is as old as its oldest page.
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
  showConversations(currentState(), target, figures);
  if (hadFocus && target.records.length > previousCount) byId(`conversation-${previousCount}`)?.focus();
  await loadCodeNames(target, signal);
}

/** Requests a count of the figures of the selection from its conversations. */
async function check() {
  const target = list;
  target.check = { isLoading: true };
  showConversationsAge(currentState(), target);
  try {
    const response = await request(urlOf('reconciliation', reconciliationQuery(currentState())), { signal: loading.signal });
    target.check = { response: await response.json() };
  } catch (failure) {
    target.check = failure instanceof ApiFailure ? { failure } : null;
    if (!(failure instanceof ApiFailure) && failure.name !== 'AbortError') throw failure;
  }
  if (target !== list) return;
  showConversationsAge(currentState(), target);
  byId('conversations-check')?.focus();
}

let areCodesLoaded = false;

/** The view of one queue has already loaded the names of its codes. Otherwise this function loads them once. If that fails, the list shows ids. */
async function loadCodeNames(target, signal) {
  if (areCodesLoaded || target.records.every(record => record.wrapUpCodes.every(code => codeNames.has(code)))) return;
  areCodesLoaded = true;
  try {
    for (const code of await getAll('wrapup-codes', signal)) codeNames.set(code.id, code.name);
  } catch {
    areCodesLoaded = !signal.aborted;
  }
  refreshNames();
}
