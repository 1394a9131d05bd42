// A polling loop. It starts the next round only after the previous one has ended, so requests never pile up, and it pauses while the page is hidden.

export class Polling {
  #round;
  #timer = null;
  #running = null;
  #dueAt = 0;

  /** @param round function that loads everything once and returns the seconds until the next round */
  constructor(round) {
    this.#round = round;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#stop();
      else if (!this.#running) this.#schedule(Math.max(0, this.#dueAt - Date.now()));
    });
  }

  /** Starts a round now, and aborts a round in progress. */
  restart() {
    this.#running?.abort();
    this.#running = null;
    this.#schedule(0);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(milliseconds) {
    this.#stop();
    this.#dueAt = Date.now() + milliseconds;
    if (!document.hidden) this.#timer = setTimeout(() => this.#run(), milliseconds);
  }

  async #run() {
    const run = new AbortController();
    this.#running = run;
    let seconds = 60;
    try {
      seconds = await this.#round(run.signal);
    } catch (failure) {
      if (failure.name !== 'AbortError') throw failure;
    } finally {
      if (this.#running === run) {
        this.#running = null;
        this.#schedule(seconds * 1000);
      }
    }
  }
}
