// One round of the page: loads the figures of the period, then one view after the other, and adapts the views when the state changes.
import { byId, fill } from '../display/elements.js';
import { Cancelled } from '../requests/jobs.js';
import { setFigures } from '../sections/conversationsSection.js';
import { isSameSelection, periodQuery } from '../state/queries.js';
import { cancelledNotice } from '../views/controls/failureNotice.js';
import { showDataStatus } from '../views/period/dataStatus.js';
import { isEmpty, showEmptyResult } from '../views/period/emptyResult.js';
import { headingOf, hideSections, markCurrent, showSections } from '../views/period/periodSections.js';
import { loadNames } from './names.js';
import { periodViews } from './periodViews.js';
import { hideFailure, never, retryAfter, roundSucceeded } from './roundFailure.js';
import { readWithProgress, ViewLoading } from './viewLoading.js';

/** The longest pause before the next round, in seconds. It always follows a round with jobs, which are too expensive to repeat whenever max-age expires. */
const longestPause = 300;

export class PageRound {
  #page;
  #signal;
  #state;
  /** The views in the order in which they are loaded. `#loadings` also has the views that depend on them. */
  #views = [];
  #loadings = [];
  #names = null;
  #hasPeriodJob = false;
  #hasEnded = false;

  constructor(page, signal) {
    this.#page = page;
    this.#signal = signal;
    this.#state = page.state;
  }

  /** Loads everything once. Returns the seconds until the next round. */
  async run() {
    try {
      const { body: period, maxAge } = await this.#loadPeriod();
      await this.#loadViews(period);
      this.#loadNames();
      await this.#waitForAll();
      const temporary = this.#loadings.find(({ failure }) => failure && !failure.isPermanent)?.failure;
      if (temporary) return retryAfter(this.#page, temporary);
      roundSucceeded();
      const hasJob = this.#hasPeriodJob || this.#loadings.some(loading => loading.hasJob);
      return hasJob ? longestPause : Math.max(5, Math.min(longestPause, maxAge, ...this.#loadings.map(loading => loading.maxAge)));
    } catch (failure) {
      byId('key-figures-job')?.remove();
      // The filters need the names to select another query.
      if (!failure.needsKey) this.#loadNames();
      if (!(failure instanceof Cancelled)) return retryAfter(this.#page, failure);
      hideSections();
      this.#showInsteadOfFigures(cancelledNotice('key-figures', () => this.#page.startAgain()));
      return never;
    } finally {
      this.#hasEnded = true;
    }
  }

  /** Adapts the views to a changed state. Returns false if that takes another round. */
  follow() {
    if (this.#signal.aborted || !isSameSelection(this.#state, this.#page.state)) return false;
    for (const view of this.#started) view.allow();
    const isComplete = this.#views.length > 0 && this.#views.every(view => view.isStarted && view.isCurrent);
    if (this.#hasEnded && !isComplete) return false;
    this.#update(this.#started);
    return true;
  }

  get #started() { return this.#views.filter(view => view.isStarted); }

  #update(views) {
    // The failure is ignored here: `finished` rejects with it too, and `run` handles it.
    for (const view of views) view.update().catch(() => {});
  }

  async #loadPeriod() {
    const response = await readWithProgress('key-figures', periodQuery(this.#state), this.#signal, progress => {
      this.#hasPeriodJob = true;
      hideFailure();
      this.#showInsteadOfFigures(progress);
      this.#loadNames();
    });
    const { body } = response;
    this.#page.loaded = { state: this.#state, at: Date.now() };
    hideFailure();
    showDataStatus(this.#state, body);
    setFigures(body.records[0] ?? null);
    return response;
  }

  #showInsteadOfFigures(element) {
    fill(byId('key-figures'), headingOf('key-figures'), element);
    byId('key-figures').hidden = false;
    markCurrent('key-figures');
  }

  async #loadViews(period) {
    showSections(isEmpty(period), this.#state.queueId.length === 1);
    if (isEmpty(period)) {
      await showEmptyResult(this.#page.state, period.query, period, this.#signal, this.#page.change);
      markCurrent('key-figures');
      return;
    }
    this.#views = periodViews(this.#page, period).map(view => this.#loadingOf(view));
    for (const view of this.#views) await view.update();
  }

  #loadingOf(view) {
    const loading = new ViewLoading(this.#page, view, this.#signal, view.next ? this.#loadingOf(view.next) : null);
    this.#loadings.push(loading);
    return loading;
  }

  /** The figures do not wait for the names. */
  #loadNames() {
    this.#names ??= loadNames(this.#page, this.#signal, () => this.#update(this.#started.filter(view => view.hasQueueNames)));
    this.#names.catch(() => {});
  }

  /** Waits for the names and the views. A change of the state can load views again. */
  async #waitForAll() {
    await this.#names;
    while (this.#loadings.some(loading => loading.isLoading)) await Promise.all(this.#loadings.map(loading => loading.finished));
  }
}
