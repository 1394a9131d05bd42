// The connection to GET /observations: events while the service sends them, otherwise one request after the other.
import { ApiFailure, events, request, urlOf } from './api.js';
import { LiveQueues } from './liveQueues.js';
import { pause } from './pause.js';

/** The service sends an event every 15 seconds at least. */
const patience = 20;
/** Seconds until a refused stream is tried again. */
const untilNextStream = 300;

/**
 * Keeps the observations of one query up to date and says how it is going:
 * `connecting`, `stream`, `polling`, `lost` (the service cannot be reached or is silent) or `refused` (it has no observations for this caller).
 */
export class LiveConnection {
  #changed;
  #query = null;
  #running = null;
  #lastId = null;
  #streamFrom = 0;
  #silent = 0;

  observations = new LiveQueues();
  status = 'connecting';

  /** @param changed called whenever there is something to show */
  constructor(changed) {
    this.#changed = changed;
    // Nobody looks at a hidden page. It goes on from the last event that it knows.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#start();
      else {
        this.#running?.abort();
        if (this.observations.heardAt !== null) this.#set('lost');
      }
    });
  }

  /** Asks for these queues and media types. The figures of others are forgotten. */
  follow(query) {
    if (this.#query !== null && urlOf('', query) === urlOf('', this.#query)) return;
    this.#query = query;
    this.restart();
  }

  /** Begins again, for example with another key. */
  restart() {
    if (this.#query === null) return;
    this.#lastId = null;
    this.#streamFrom = 0;
    this.observations = new LiveQueues();
    this.#set('connecting');
    this.#start();
  }

  #set(status) {
    this.status = status;
    this.#changed(this);
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
        if (Date.now() < this.#streamFrom) {
          seconds = await this.#poll(signal);
          failures = 0;
        } else {
          const openedAt = Date.now();
          if (!await this.#stream(signal)) {
            // Something between the service and the page may hold events back.
            this.#streamLater(Math.min(3600, 60 * 2 ** this.#silent++));
            continue;
          }
          this.#silent = 0;
          if (Date.now() - openedAt > patience * 1000) failures = 0;
          this.#set('lost');
        }
      } catch (failure) {
        signal.throwIfAborted();
        if (!(failure instanceof ApiFailure)) console.error(failure);
        const isRefused = failure.needsKey || failure.isPermanent;
        if (failure.status !== 0 && !failure.needsKey && Date.now() >= this.#streamFrom) {
          this.#streamLater(failure.retryAfter ?? untilNextStream);
          continue;
        }
        this.#set(isRefused ? 'refused' : 'lost');
        seconds = isRefused ? untilNextStream : failure.retryAfter ?? null;
      }
      await pause(seconds ?? jittered(Math.min(30, 2 ** failures++)), signal);
    }
  }

  #streamLater(seconds) {
    this.#streamFrom = Date.now() + seconds * 1000;
  }

  /** Returns whether there was an event before the connection ended. */
  async #stream(signal) {
    let isHeard = false;
    for await (const { event, id, data } of events(urlOf('observations/stream', this.#query), signal, patience, this.#lastId)) {
      isHeard = true;
      this.observations.apply(event, data, Date.now());
      // Only now: an event that could not be applied is sent again after a reconnection.
      this.#lastId = id ?? this.#lastId;
      this.#set('stream');
    }
    return isHeard;
  }

  /** Returns the seconds until the next request. */
  async #poll(signal) {
    const response = await request(urlOf('observations', this.#query), { signal: AbortSignal.any([signal, AbortSignal.timeout(patience * 1000)]) });
    this.observations.apply('snapshot', await response.json(), Date.now());
    this.#lastId = null;
    this.#set('polling');
    return Math.max(10, Number(/max-age=(\d+)/.exec(response.headers.get('Cache-Control') ?? '')?.[1] ?? 0));
  }
}

/** A thousand wallboards must not come back at the same moment. */
const jittered = seconds => seconds * (0.5 + Math.random());
