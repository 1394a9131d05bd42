// Waiting that ends early.

/** Rejects when the signal is aborted. */
export const aborted = signal => new Promise((_, reject) => {
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason));
});

/** It is over at once when the network is back. */
export async function pause(seconds, signal) {
  const over = new AbortController();
  let timer = null;
  const awake = new Promise(resolve => {
    timer = setTimeout(resolve, seconds * 1000);
    addEventListener('online', resolve, { signal: over.signal });
  });
  try {
    // Ended together, so that nothing of a pause stays with a signal that lasts as long as the page.
    await Promise.race([awake, aborted(AbortSignal.any([signal, over.signal]))]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
