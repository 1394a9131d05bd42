// One round of the wall.
import { byId } from '../display/elements.js';
import { read } from '../requests/jobs.js';
import { wallQueries } from '../state/queries.js';
import { showWall, showWallJob } from '../views/wall/wall.js';
import { loadNames } from './names.js';
import { retryAfter, roundSucceeded } from './roundFailure.js';

/** Loads everything once. Returns the seconds until the next round. */
export async function wallRound(page, signal) {
  const { state } = page;
  const [figuresQuery, comparedQuery, bucketsQuery] = wallQueries(state);
  const load = query => read(query, signal, job => showWallJob(state, job));
  try {
    const figures = await load(figuresQuery);
    const compared = await load(comparedQuery);
    const buckets = await load(bucketsQuery);
    roundSucceeded();
    byId('simulated').hidden = figures.body.meta.source !== 'simulator';
    const show = () => showWall(state, page.queues, figures.body, compared.body, bucketsQuery, buckets.body);
    show();
    if (page.queues.length === 0) await loadNames(page, signal, show);
    return Math.max(5, figures.maxAge);
  } catch (failure) {
    return retryAfter(page, failure);
  }
}
