// What happens in the queues now, kept from the snapshot and the changes of GET /observations. Conversations are counted per queue and media type,
// agents per queue: an agent belongs to no media type, and agents who work for several queues must not be added.

/** The service reads the state about every 10 seconds. Much older figures are out of date. */
export const oldAge = 60_000;

const keyOf = ({ queueId, mediaType }) => `${queueId} ${mediaType ?? ''}`;

export class LiveQueues {
  #rows = new Map();
  #ageFrom = null;

  /** When the service was heard last; null before its first response. */
  heardAt = null;
  complete = true;
  /** Genesys Cloud could not be read again. */
  stale = false;
  repaired = false;
  warnings = [];

  /** @param event `snapshot`, `change` or `heartbeat`; others are ignored, so that the service may add some */
  apply(event, data, now) {
    this.heardAt = now;
    if (event === 'snapshot') this.#rows.clear();
    if (event === 'snapshot' || event === 'change') {
      for (const removed of data.removed ?? []) this.#rows.delete(keyOf(removed));
      for (const record of data.records ?? []) {
        // A wait goes on between two events: its start is kept, in the clock of this device.
        this.#rows.set(keyOf(record), { record, waitsSince: record.waiting > 0 && Number.isFinite(record.longestWaitMs) ? now - record.longestWaitMs : null });
      }
      if (data.warnings) this.warnings = data.warnings.map(warning => warning.message);
    }
    const meta = data.meta ?? {};
    if (Number.isFinite(meta.ageMs)) this.#ageFrom = now - meta.ageMs;
    if (meta.complete !== undefined) this.complete = meta.complete;
    this.stale = meta.stale ?? false;
    this.repaired = meta.repaired ?? false;
  }

  /** How old the figures are; null if the service has not said it. */
  ageAt = now => (this.#ageFrom === null ? null : Math.max(0, now - this.#ageFrom));

  /** The queues, by id. @param only the ids of the queues, or an empty list for all */
  queuesAt(now, only = []) {
    const queues = new Map();
    for (const { record, waitsSince } of this.#rows.values()) {
      if (only.length > 0 && !only.includes(record.queueId)) continue;
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
 * Conversations can be added; the longest wait is the longest of them. What is not known of one row is not known of their sum: null. A longest wait of null
 * with `waiting` 0 means that nothing waits.
 */
function summed(rows) {
  const sum = field => (rows.length === 0 || rows.some(row => !Number.isFinite(row[field])) ? null : rows.reduce((total, row) => total + row[field], 0));
  const waiting = rows.filter(row => row.waiting > 0);
  const isKnown = waiting.every(row => row.longestWaitMs !== null);
  const longest = isKnown ? waiting.reduce((one, row) => (one === null || row.longestWaitMs > one.longestWaitMs ? row : one), null) : null;
  return { waiting: sum('waiting'), alerting: sum('alerting'), interacting: sum('interacting'), longestWaitMs: longest ? longest.longestWaitMs : null, longest };
}

/** The conversations of several queues, and how many of the queues need an agent. */
export const totalsOf = queues => ({
  ...summed(queues.flatMap(queue => queue.media)),
  queues: queues.length,
  withWait: queues.filter(queue => queue.waiting > 0).length,
  withoutAgent: queues.filter(isWithoutAgent).length,
});

/** Conversations wait, and no agent is there to answer them. */
export const isWithoutAgent = queue => queue.waiting > 0 && queue.agents?.onQueue === 0;

/** The longest wait first. Queues in which nothing waits have the order of their names, so that they do not change places all the time. */
export const byWait = (one, other) => (other.longestWaitMs ?? 0) - (one.longestWaitMs ?? 0) || (one.queueName ?? '').localeCompare(other.queueName ?? '') || (one.mediaType ?? '').localeCompare(other.mediaType ?? '');

/**
 * Whether a wait is longer than the service level of its queue and media type allows.
 * @param directory the queues of GET /queues
 */
export function isOverdue(row, directory) {
  const threshold = row ? directory.find(queue => queue.id === row.queueId)?.serviceLevels?.[row.mediaType]?.durationMs : null;
  return Boolean(threshold) && row.waiting > 0 && row.longestWaitMs > threshold;
}
