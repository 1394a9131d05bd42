// Remembers the queries that a round does not send again: the service has rejected them, or the user has cancelled their jobs.
import { ApiFailure, urlOf } from './api.js';
import { Cancelled, read } from './jobs.js';

/** Seconds after which the page sends a rejected query again: the same query can be valid later, because relative periods move on. */
export const rejectionLifetime = 300;

const refusals = new Map();

/** Forgets all refusals, or that of one query. */
export const forgetRefusals = () => refusals.clear();

export const forgetRefusal = query => refusals.delete(urlOf('aggregates', query));

/** Like `read`, but throws the remembered failure if the query has been rejected or cancelled. */
export async function readUnlessRefused(query, signal, show) {
  const url = urlOf('aggregates', query);
  const known = refusals.get(url);
  if (known && Date.now() < known.until) throw known.failure;
  try {
    return await read(query, signal, show);
  } catch (failure) {
    if (failure instanceof Cancelled) remember(url, failure, Infinity);
    else if (failure instanceof ApiFailure && failure.isPermanent) remember(url, failure, Date.now() + rejectionLifetime * 1000);
    throw failure;
  }
}

function remember(url, failure, until) {
  for (const [other, refusal] of refusals) if (Date.now() >= refusal.until) refusals.delete(other);
  refusals.set(url, { failure, until });
}
