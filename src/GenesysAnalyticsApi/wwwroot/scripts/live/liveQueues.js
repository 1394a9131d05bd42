// The current state of the queues, from the snapshot and the changes of GET /observations. It has conversations per queue and media type, and agents per
// queue: an agent has no media type. Agents are never added up across queues, because an agent can work in several.
import { isWithoutAgent } from './attention.js';

/** The age in milliseconds above which figures are out of date. The service reads the state about every 10 seconds. */
export const outdatedAge = 60_000;

const keyOf = ({ queueId, mediaType }) => `${queueId} ${mediaType ?? ''}`;

export class LiveQueues {
  #rows = new Map();
  #asOf = null;

  /** When the service last sent something; null before its first response. */
  heardAt = null;
  complete = true;
  /** Whether the service could not refresh the state from Genesys Cloud. */
  stale = false;
  repaired = false;
  warnings = [];

  /** @param event `snapshot`, `change` or `heartbeat`; other events are ignored, so that the service can add new ones */
  apply(event, data, now) {
    this.heardAt = now;
    if (event === 'snapshot') this.#rows.clear();
    if (event === 'snapshot' || event === 'change') {
      for (const removed of data.removed ?? []) this.#rows.delete(keyOf(removed));
      for (const record of data.records ?? []) {
        // A wait keeps growing between two events, so the record stores its start, by the clock of this device.
        this.#rows.set(keyOf(record), { record, waitsSince: record.waiting > 0 && Number.isFinite(record.longestWaitMs) ? now - record.longestWaitMs : null });
      }
      if (data.warnings) this.warnings = data.warnings.map(warning => warning.message);
    }
    const meta = data.meta ?? {};
    if (Number.isFinite(meta.ageMs)) this.#asOf = now - meta.ageMs;
    if (meta.complete !== undefined) this.complete = meta.complete;
    this.stale = meta.stale ?? false;
    this.repaired = meta.repaired ?? false;
  }

  /** The age of the figures; null if the service has not sent it. */
  ageAt = now => (this.#asOf === null ? null : Math.max(0, now - this.#asOf));

  /** The state of each queue. @param queueIds the ids of the queues, or an empty list for all */
  queuesAt(now, queueIds = []) {
    const queues = new Map();
    for (const { record, waitsSince } of this.#rows.values()) {
      if (queueIds.length > 0 && !queueIds.includes(record.queueId)) continue;
      if (!queues.has(record.queueId)) queues.set(record.queueId, { queueId: record.queueId, queueName: record.queueName, media: [], agents: null });
      const queue = queues.get(record.queueId);
      if (record.mediaType) queue.media.push({ ...record, longestWaitMs: waitsSince === null ? null : Math.max(0, now - waitsSince) });
      else queue.agents = agentsOf(record);
    }
    return [...queues.values()].map(queue => ({ ...queue, media: queue.media.sort(byWait), ...summed(queue.media) }));
  }
}

const agentsOf = record => ({
  onQueue: record.onQueueUsers ?? null, active: record.activeUsers ?? null, members: record.memberUsers ?? null,
  idle: record.usersByRoutingStatus ? record.usersByRoutingStatus.IDLE ?? 0 : null,
  byRoutingStatus: record.usersByRoutingStatus ?? {}, byPresence: record.usersByPresence ?? {},
});

/**
 * Adds up the conversations and finds the longest wait. A sum is null if a row does not have the figure. If `waiting` is 0, a longest wait of null
 * means that nothing is waiting.
 */
function summed(rows) {
  const sum = field => (rows.length === 0 || rows.some(row => !Number.isFinite(row[field])) ? null : rows.reduce((total, row) => total + row[field], 0));
  const waiting = rows.filter(row => row.waiting > 0);
  const isKnown = waiting.every(row => row.longestWaitMs !== null);
  const longest = isKnown ? waiting.reduce((longestRow, row) => (longestRow === null || row.longestWaitMs > longestRow.longestWaitMs ? row : longestRow), null) : null;
  return { waiting: sum('waiting'), alerting: sum('alerting'), interacting: sum('interacting'), longestWaitMs: longest ? longest.longestWaitMs : null, longest };
}

/** The conversations of several queues, and how many of the queues need an agent. */
export const totalsOf = queues => ({
  ...summed(queues.flatMap(queue => queue.media)),
  queues: queues.length,
  withWait: queues.filter(queue => queue.waiting > 0).length,
  withoutAgent: queues.filter(isWithoutAgent).length,
});

/** Sorts by longest wait, then by name. Queues in which nothing is waiting come last. */
export const byWait = (a, b) => (b.longestWaitMs ?? 0) - (a.longestWaitMs ?? 0) || (a.queueName ?? '').localeCompare(b.queueName ?? '') || (a.mediaType ?? '').localeCompare(b.mediaType ?? '');
