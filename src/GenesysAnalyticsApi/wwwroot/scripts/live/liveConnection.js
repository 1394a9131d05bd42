// Keeps the state of the queues current: with the event stream of GET /observations, or with polling if the stream is not available.
import { ApiFailure, events, request, urlOf } from '../requests/api.js';
import { LiveQueues } from './liveQueues.js';
import { pause } from '../requests/pause.js';

/** Seconds without an event after which the connection counts as lost. The service sends an event at least every 15 seconds. */
const patience = 20;
/** Seconds until the page tries a rejected stream again. */
const streamRetrySeconds = 300;

/**
 * Keeps the observations of one query current. The status is
 * `connecting`, `stream`, `polling`, `lost` (the service cannot be reached or is silent) or `refused` (the caller has no access, or the endpoint does not exist).
 */
export class LiveConnection {
  #onChange;
  #query = null;
  #running = null;
  #lastId = null;
  #nextStreamAt = 0;
  #silentStreams = 0;

  observations = new LiveQueues();
  status = 'connecting';

  /** @param onChange callback that is called after every change of the observations or the status */
  constructor(onChange) {
    this.#onChange = onChange;
    // A hidden page needs no connection. When it is visible again, it continues from the last event that it received.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#start();
      else {
        this.#running?.abort();
        if (this.observations.heardAt !== null) this.#setStatus('lost');
      }
    });
  }

  /** Switches to a query for these queues and media types, and discards the observations of the previous one. */
  follow(query) {
    if (this.#query !== null && urlOf('', query) === urlOf('', this.#query)) return;
    this.#query = query;
    this.restart();
  }

  /** Discards the observations and connects again, for example with a new key. */
  restart() {
    if (this.#query === null) return;
    this.#lastId = null;
    this.#nextStreamAt = 0;
    this.observations = new LiveQueues();
    this.#setStatus('connecting');
    this.#start();
  }

  #setStatus(status) {
    this.status = status;
    this.#onChange(this);
  }

  #start() {
    this.#running?.abort();
    if (this.#query === null || document.hidden) return;
    const { signal } = this.#running = new AbortController();
    this.#run(signal).catch(failure => { if (!signal.aborted) throw failure; });
  }

  async #run(signal) {
    for (let failures = 0; ;) {
      let seconds = null;
      try {
        if (Date.now() < this.#nextStreamAt) {
          seconds = await this.#poll(signal);
          failures = 0;
        } else {
          const openedAt = Date.now();
          if (!await this.#stream(signal)) {
            // A proxy between the service and the page may hold events back, so the page polls for some time.
            this.#postponeStream(Math.min(3600, 60 * 2 ** this.#silentStreams++));
            continue;
          }
          this.#silentStreams = 0;
          if (Date.now() - openedAt > patience * 1000) failures = 0;
          this.#setStatus('lost');
        }
      } catch (failure) {
        signal.throwIfAborted();
        if (!(failure instanceof ApiFailure)) console.error(failure);
        const isRefused = failure.needsKey || failure.isPermanent;
        if (failure.status !== 0 && !failure.needsKey && Date.now() >= this.#nextStreamAt) {
          this.#postponeStream(failure.retryAfter ?? streamRetrySeconds);
          continue;
        }
        this.#setStatus(isRefused ? 'refused' : 'lost');
        seconds = isRefused ? streamRetrySeconds : failure.retryAfter ?? null;
      }
      await pause(seconds ?? jittered(Math.min(30, 2 ** failures++)), signal);
    }
  }

  #postponeStream(seconds) {
    this.#nextStreamAt = Date.now() + seconds * 1000;
  }

  /** Returns whether an event arrived before the connection ended. */
  async #stream(signal) {
    let hasEvents = false;
    for await (const { event, id, data } of events(urlOf('observations/stream', this.#query), signal, patience, this.#lastId)) {
      hasEvents = true;
      this.observations.apply(event, data, Date.now());
      // The id is stored after `apply`, so that the service sends an event again if applying it failed.
      this.#lastId = id ?? this.#lastId;
      this.#setStatus('stream');
    }
    return hasEvents;
  }

  /** Returns the seconds until the next request. */
  async #poll(signal) {
    const response = await request(urlOf('observations', this.#query), { signal: AbortSignal.any([signal, AbortSignal.timeout(patience * 1000)]) });
    this.observations.apply('snapshot', await response.json(), Date.now());
    this.#lastId = null;
    this.#setStatus('polling');
    return Math.max(10, Number(/max-age=(\d+)/.exec(response.headers.get('Cache-Control') ?? '')?.[1] ?? 0));
  }
}

/** A random delay keeps many wallboards from reconnecting at the same moment. */
const jittered = seconds => seconds * (0.5 + Math.random());
