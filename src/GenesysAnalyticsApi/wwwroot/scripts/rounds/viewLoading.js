// Loads one view of a round. It sends the queries of the view only if they differ from those that it sent last, so a change of the page does not cancel
// jobs whose queries stay the same.
import { byId, fill } from '../display/elements.js';
import { ApiFailure, urlOf } from '../requests/api.js';
import { Cancelled } from '../requests/jobs.js';
import { forgetRefusal, readUnlessRefused } from '../requests/refusals.js';
import { cancelledNotice, viewFailure } from '../views/controls/failureNotice.js';
import { jobProgress } from '../views/controls/jobProgress.js';
import { headingOf, markCurrent } from '../views/period/periodSections.js';

export class ViewLoading {
  #page;
  #view;
  #signal;
  #next;
  #urls = null;
  #sending = null;
  /** Shows again what the view shows: figures, the progress of a job or a failure. */
  #show = () => {};
  #element = null;
  #hasFigures = false;

  isLoading = false;
  /** Resolves when the queries that were sent last have ended. Rejects with a failure that concerns the whole page. */
  finished = Promise.resolve();
  failure = null;
  hasJob = false;
  /** The shortest max-age of the responses, in seconds. */
  maxAge = Infinity;

  /**
   * @param view see `periodViews`
   * @param signal aborts the round
   * @param next the loading of the view that depends on this view, or null
   */
  constructor(page, view, signal, next) {
    this.#page = page;
    this.#view = view;
    this.#signal = signal;
    this.#next = next;
  }

  get hasQueueNames() { return this.#view.hasQueueNames ?? false; }

  get isStarted() { return this.#urls !== null; }

  /** Whether the view has sent the queries of the current state. */
  get isCurrent() { return this.#urls === urlsOf(this.#queries()); }

  /** Allows the queries of the current state if they are new, because the user has just chosen them. */
  allow() {
    if (!this.isCurrent) this.#queries().forEach(forgetRefusal);
  }

  /** Shows the current state. Resolves when the view shows its figures or a failure, or as soon as a job reads them. */
  async update() {
    if (this.isCurrent) {
      this.#show();
      if (this.#hasFigures) await this.#next?.update();
      return;
    }
    this.#sending?.abort();
    this.#hasFigures = false;
    this.#show = () => {};
    const sending = this.#sending = new AbortController();
    const jobStarted = Promise.withResolvers();
    this.#urls = urlsOf(this.#queries());
    this.isLoading = true;
    this.finished = this.#load(this.#queries(), AbortSignal.any([this.#signal, sending.signal]), jobStarted.resolve)
      .catch(failure => { if (!sending.signal.aborted) throw failure; })
      .finally(() => { if (sending === this.#sending) this.isLoading = false; });
    this.finished.catch(() => {});
    await Promise.race([this.finished, jobStarted.promise]);
  }

  #queries() { return this.#view.queriesOf(this.#page.state); }

  async #load(queries, signal, onJob) {
    this.failure = null;
    const bodies = [];
    try {
      for (const query of queries) {
        this.#view.showStart?.(this.#page.state, bodies.length, queries.length);
        const response = await readWithProgress(this.#view.id, query, signal, element => {
          this.hasJob = true;
          this.#present(element);
          onJob();
        });
        this.maxAge = Math.min(this.maxAge, response.maxAge);
        bodies.push(response.body);
      }
    } catch (failure) {
      signal.throwIfAborted();
      this.#fail(failure);
      return;
    }
    signal.throwIfAborted();
    this.#hasFigures = true;
    this.#present(null, () => this.#view.show(this.#page.state, queries, bodies));
    await this.#next?.update();
  }

  #fail(failure) {
    if (this.#view.isHiddenBy?.(failure)) {
      byId(this.#view.id).hidden = true;
      markCurrent(this.#view.id);
    } else if (failure instanceof Cancelled) {
      this.#present(cancelledNotice(this.#view.id, () => this.#page.startAgain()));
    } else if (failure instanceof ApiFailure && !failure.needsKey) {
      this.failure = failure;
      this.#present(viewFailure(this.#view.id, failure));
    } else throw failure;
  }

  /** @param element the progress of a job or a failure, or null for figures */
  #present(element, show = () => this.#showInstead(element)) {
    this.#element?.remove();
    this.#element = element;
    this.#show = show;
    show();
    byId(this.#view.id).hidden = false;
    markCurrent(this.#view.id);
  }

  #showInstead(element) {
    const { state, change } = this.#page;
    if (this.#view.showInstead) this.#view.showInstead(state, element);
    else fill(byId(this.#view.id), headingOf(this.#view.id, state, change), element);
  }
}

const urlsOf = queries => queries.map(query => urlOf('aggregates', query)).join(' ');

/** @param onJob callback that receives the progress of a job, once the job starts */
export function readWithProgress(id, query, signal, onJob) {
  let progress = null;
  return readUnlessRefused(query, signal, (job, cancel) => {
    if (!progress) {
      progress = jobProgress(id);
      onJob(progress.element);
    }
    progress.show(job, cancel);
  });
}
