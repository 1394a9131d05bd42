// One loop for the whole page: it waits for the end of each round, so that requests never pile up, and rests while nobody can see the page.

export class Polling {
  #round;
  #timer = null;
  #running = null;
  #due = 0;

  /** @param round loads everything once and returns the seconds until the next round */
  constructor(round) {
    this.#round = round;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#stop();
      else if (!this.#running) this.#schedule(Math.max(0, this.#due - Date.now()));
    });
  }

  /** Starts a round now; one in progress is abandoned. */
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
    this.#due = Date.now() + milliseconds;
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
