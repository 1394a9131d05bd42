// Pauses that end early.

/** Rejects when the signal is aborted. */
export const aborted = signal => new Promise((_, reject) => {
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason));
});

/** Waits, but ends at once when the network is back. */
export async function pause(seconds, signal) {
  const ended = new AbortController();
  let timer = null;
  const resumed = new Promise(resolve => {
    timer = setTimeout(resolve, seconds * 1000);
    addEventListener('online', resolve, { signal: ended.signal });
  });
  try {
    // Aborting `ended` removes all listeners of this pause, including those on a signal that lasts as long as the page.
    await Promise.race([resumed, aborted(AbortSignal.any([signal, ended.signal]))]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}
