// Which queues need attention: those that keep conversations waiting too long, and those in which conversations wait but no agent is on queue.

/**
 * Whether a wait is longer than the service level of its queue and media type allows.
 * @param row the figures of a queue and media type, or null
 * @param directory the queues of GET /queues
 */
export function isOverdue(row, directory) {
  const threshold = row ? directory.find(queue => queue.id === row.queueId)?.serviceLevels?.[row.mediaType]?.durationMs : null;
  return Boolean(threshold) && row.waiting > 0 && row.longestWaitMs > threshold;
}

export const isQueueOverdue = (queue, directory) => queue.media.some(row => isOverdue(row, directory));

/** Whether conversations wait but no agent is on queue. */
export const isWithoutAgent = queue => queue.waiting > 0 && queue.agents?.onQueue === 0;
