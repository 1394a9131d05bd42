// Remembers which queries of views the service has rejected. A round does not send such a query again, because the service would reject it again.
import { ApiFailure, urlOf } from './api.js';

/** Seconds after which the page sends a rejected query again: the same query can be valid later, because relative periods move on. */
export const rejectionLifetime = 300;

const rejections = new Map();

export const forgetRejections = () => rejections.clear();

/** Returns a function that loads a query like `load`, but throws the remembered failure if the service has rejected the query. */
export const unlessRejected = load => async (query, ...others) => {
  const url = urlOf('aggregates', query);
  const known = rejections.get(url);
  if (known && Date.now() < known.until) throw known.failure;
  try {
    return await load(query, ...others);
  } catch (failure) {
    if (failure instanceof ApiFailure && failure.isPermanent) {
      for (const [other, { until }] of rejections) if (Date.now() >= until) rejections.delete(other);
      rejections.set(url, { failure, until: Date.now() + rejectionLifetime * 1000 });
    }
    throw failure;
  }
};
