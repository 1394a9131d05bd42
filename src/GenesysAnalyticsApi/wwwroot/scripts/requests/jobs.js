// A query that is too wide for one request runs as a job of the service. The page runs one job after the other, because a caller can have only a few jobs
// at the same time, and because the next query can often use the data that the previous job has read.
import { ApiFailure, answerOf, events, get, request, urlOf } from './api.js';
import { aborted, pause } from './pause.js';

/** The user has cancelled the job. */
export class Cancelled extends Error {}

/**
 * Returns the response to a query of GET /aggregates. If the query is too wide, a job reads it.
 * @param signal aborts the wait, and cancels a running job
 * @param show callback that receives the job and a function that cancels it, whenever the job changes
 */
export const read = async (query, signal, show) => {
  const url = urlOf('aggregates', query);
  return await unlessTooWide(() => get(url, signal)) ?? answerOf(await responseOfJob(url, {}, signal, show));
};

/** Like `read`, but returns a file. @param file the parameters of its format */
export const readFile = async (query, file, signal, show) => {
  const url = urlOf('aggregates', { ...query, ...file });
  return (await unlessTooWide(() => request(url, { signal })) ?? await responseOfJob(url, file, signal, show)).blob();
};

async function unlessTooWide(send) {
  try {
    return await send();
  } catch (failure) {
    if (failure.type === '/problems/too-wide') return null;
    throw failure;
  }
}

let pageLeft = new AbortController();

addEventListener('pagehide', () => {
  pageLeft.abort();
  pageLeft = new AbortController();
});

async function responseOfJob(url, file, signal, show) {
  const cancelling = new AbortController();
  const anySignal = AbortSignal.any([signal, pageLeft.signal, cancelling.signal]);
  const showWithCancel = job => show(job, () => cancelling.abort());
  try {
    showWithCancel({ state: 'waiting' });
    return await inTurn(anySignal, () => run(url, file, anySignal, showWithCancel));
  } catch (failure) {
    if (!cancelling.signal.aborted || signal.aborted) throw failure;
    throw new Cancelled();
  }
}

let followedJobs = 0;

export const isFollowingJob = () => followedJobs > 0;

let lastTurn = Promise.resolve();

async function inTurn(signal, action) {
  const previousTurn = lastTurn;
  const { promise, resolve } = Promise.withResolvers();
  lastTurn = promise;
  try {
    await Promise.race([previousTurn, aborted(signal)]);
    return await action();
  } finally {
    previousTurn.then(resolve);
  }
}

/**
 * The page creates a job once more if the service lost it in a restart, or if another page of the same caller has cancelled it. Equal queries share a job,
 * so another page can do that.
 */
const maxJobs = 2;

async function run(url, file, signal, show) {
  for (let jobs = 1; ; jobs++) {
    // The signal does not abort this request, because the page could not cancel a job whose id it has not received.
    const response = await request(url, { headers: { Prefer: 'respond-async' } });
    if (response.status !== 202) return response;
    try {
      const job = await follow(await response.json(), signal, show);
      if (job.state === 'succeeded') return await request(urlOf(address(job.links.result), file), { signal });
      // The service has already retried, so the page waits longer before it tries again.
      if (job.state === 'failed') throw new ApiFailure(job.error.status, job.error.title, job.error.detail, { type: job.error.type, retryAfter: 300 });
      if (jobs === maxJobs) throw new ApiFailure(0, 'The query was cancelled elsewhere', 'Another page or program with the same access cancelled it.', { retryAfter: 300 });
    } catch (failure) {
      if (failure.type !== '/problems/unknown-job' || jobs === maxJobs) throw failure;
    }
  }
}

/** Makes a link relative to the page, like all its URLs. */
const address = link => link.replace(/^\//, '');

/** Waits for the end of a job. Cancels the job if the signal aborts the wait or following it fails. */
async function follow(job, signal, show) {
  let cancellation = null;
  const cancel = () => { cancellation ??= request(address(job.links.self), { method: 'DELETE', keepalive: true }).catch(() => {}); };
  signal.addEventListener('abort', cancel);
  try {
    followedJobs++;
    signal.throwIfAborted();
    show(job);
    for await (const current of changes(job, signal)) {
      show(current);
      if (['succeeded', 'failed', 'cancelled'].includes(current.state)) return current;
    }
  } catch (failure) {
    cancel();
    // Otherwise an equal query could join the job that is being cancelled.
    await cancellation;
    throw failure;
  } finally {
    followedJobs--;
    signal.removeEventListener('abort', cancel);
  }
}

/** Seconds without an event after which the connection counts as lost. The service sends an event at least every 15 seconds. */
const patience = 20;

/** Yields each new state of a job. Reconnects if the connection is lost. */
async function* changes(job, signal) {
  let failures = 0;
  while (true) {
    try {
      for await (const { data } of events(address(job.links.events), signal, patience)) {
        failures = 0;
        yield job = data;
      }
      yield job = await (await request(address(job.links.self), { signal })).json();
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.isPermanent || failure.needsKey) throw failure;
      failures++;
      yield { ...job, isUnreachable: true };
    }
    await pause(Math.min(30, 2 ** failures), signal);
  }
}
