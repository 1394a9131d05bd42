// A query that is too wide for one request runs as a job of the service. The page runs one job after the other: a caller may have only a few, and what
// one job has read often answers the next query.
import { ApiFailure, answerOf, events, get, request, urlOf } from './api.js';
import { aborted, pause } from './pause.js';

/** A person has cancelled the job. */
export class Cancelled extends Error {}

/**
 * The response to a query of GET /aggregates, if necessary of a job.
 * @param signal ends the wait; a job that has not ended is then cancelled
 * @param show called with a job and a function that cancels it, whenever the job has changed
 */
export const read = async (query, signal, show) => {
  const url = urlOf('aggregates', query);
  return await unlessTooWide(() => get(url, signal)) ?? answerOf(await responseOfJob(url, {}, signal, show));
};

/** The same as a file. @param file the parameters of its format */
export const readFile = async (query, file, signal, show) => {
  const url = urlOf('aggregates', { ...query, ...file });
  return (await unlessTooWide(() => request(url, { signal })) ?? await responseOfJob(url, file, signal, show)).blob();
};

async function unlessTooWide(ask) {
  try {
    return await ask();
  } catch (failure) {
    if (failure.type === '/problems/too-wide') return null;
    throw failure;
  }
}

/** Queries that stay cancelled until a person starts them again. */
const cancelled = new Set();

export const allowCancelled = () => cancelled.clear();

let leaving = new AbortController();

addEventListener('pagehide', () => {
  leaving.abort();
  leaving = new AbortController();
});

async function responseOfJob(url, file, signal, show) {
  if (cancelled.has(url)) throw new Cancelled();
  const cancelling = new AbortController();
  const end = AbortSignal.any([signal, leaving.signal, cancelling.signal]);
  const showWithCancel = job => show(job, () => cancelling.abort());
  try {
    showWithCancel({ state: 'waiting' });
    return await inTurn(end, () => run(url, file, end, showWithCancel));
  } catch (failure) {
    if (!cancelling.signal.aborted || signal.aborted) throw failure;
    cancelled.add(url);
    throw new Cancelled();
  }
}

let following = 0;

export const isFollowing = () => following > 0;

let last = Promise.resolve();

async function inTurn(signal, action) {
  const before = last;
  const { promise, resolve } = Promise.withResolvers();
  last = promise;
  try {
    await Promise.race([before, aborted(signal)]);
    return await action();
  } finally {
    before.then(resolve);
  }
}

/** A job can be lost in a restart of the service, or be cancelled by another page of the same caller, because equal jobs are shared. */
const maxJobs = 2;

async function run(url, file, signal, show) {
  for (let jobs = 1; ; jobs++) {
    // The signal does not end this request: a job that is created but not known could not be cancelled.
    const response = await request(url, { headers: { Prefer: 'respond-async' } });
    if (response.status !== 202) return response;
    try {
      const job = await follow(await response.json(), signal, show);
      if (job.state === 'succeeded') return await request(urlOf(address(job.links.result), file), { signal });
      // The service has tried for long enough.
      if (job.state === 'failed') throw new ApiFailure(job.error.status, job.error.title, job.error.detail, { type: job.error.type, retryAfter: 300 });
      if (jobs === maxJobs) throw new ApiFailure(0, 'The query was cancelled elsewhere', 'Another page or program with the same access cancelled it.', { retryAfter: 300 });
    } catch (failure) {
      if (failure.type !== '/problems/unknown-job' || jobs === maxJobs) throw failure;
    }
  }
}

/** Like all addresses of the page, relative to the page. */
const address = link => link.replace(/^\//, '');

/** Waits for the end of a job, and cancels it if that is not waited for. */
async function follow(job, signal, show) {
  let cancellation = null;
  const cancel = () => { cancellation ??= request(address(job.links.self), { method: 'DELETE', keepalive: true }).catch(() => {}); };
  signal.addEventListener('abort', cancel);
  try {
    following++;
    signal.throwIfAborted();
    show(job);
    for await (const current of changes(job, signal)) {
      show(current);
      if (['succeeded', 'failed', 'cancelled'].includes(current.state)) return current;
    }
  } catch (failure) {
    cancel();
    // A job that starts again must not be the one that is being cancelled.
    await cancellation;
    throw failure;
  } finally {
    following--;
    signal.removeEventListener('abort', cancel);
  }
}

/** The service sends an event every 15 seconds at least. */
const patience = 20;

/** The states of a job as they become known. A lost connection is established again. */
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
      yield { ...job, isOutOfReach: true };
    }
    await pause(Math.min(30, 2 ** failures), signal);
  }
}
