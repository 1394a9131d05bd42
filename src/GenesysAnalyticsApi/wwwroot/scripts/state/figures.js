// The key figures, by their fields in GET /aggregates. Their definitions come from GET /catalog.
// `better` is the direction that counts as an improvement. It determines the color of a change; the sign and the words say the same, so color is not the only cue.

const countedText = 'These are the conversations that this figure counts.';

export const figures = [
  { field: 'totalInteractions', title: 'Interactions', unit: 'count', conversations: countedText },
  { field: 'offered', title: 'Offered', unit: 'count', conversations: 'These are all conversations in the selection. Outbound conversations do not count as offered.' },
  { field: 'answered', title: 'Answered', unit: 'count', conversations: countedText },
  { field: 'abandonRate', title: 'Abandon rate', unit: 'ratio', better: 'less', conversations: 'These are the abandoned conversations.' },
  {
    field: 'serviceLevel', title: 'Service level', unit: 'ratio', better: 'more', target: 'serviceLevelTarget',
    conversations: 'These are the conversations that were answered or abandoned, or that flowed out. Settings in Genesys Cloud determine which of them count.',
  },
  { field: 'averageHandleTimeMs', title: 'Average handle time', unit: 'ms', conversations: 'These are the conversations with a handle time.' },
  { field: 'averageSpeedOfAnswerMs', title: 'Average speed of answer', unit: 'ms', better: 'less', conversations: 'These are the answered conversations.' },
  { field: 'averageWaitTimeMs', title: 'Average wait', unit: 'ms', better: 'less', conversations: 'These are the conversations with a wait.' },
  { field: 'longestWaitMs', title: 'Longest wait', unit: 'ms', better: 'less', conversations: 'The figure is the longest wait among these conversations.' },
];

/** The lists of conversations that the user can select. Some belong to counts without a tile. */
export const lists = [
  { ...figures[0], list: 'All' },
  { ...figures[2], list: 'Answered' },
  { field: 'abandoned', title: 'Abandoned', unit: 'count', list: 'Abandoned', conversations: countedText },
  { field: 'flowOut', title: 'Flow-outs', unit: 'count', list: 'Flow-outs', conversations: countedText },
  { ...figures[7], list: 'With a wait' },
  { field: 'handled', title: 'Handled', unit: 'count', list: 'Handled', conversations: 'The figure counts the agent sessions of these conversations.' },
];

export const figureOfList = field => figures.find(figure => figure.field === field) ?? lists.find(list => list.field === field);

/** The figures of an agent's sessions. Figures of the queue, such as the service level, do not exist per agent. */
export const agentFigures = [
  { field: 'handled', title: 'Handled', unit: 'count' },
  { field: 'answered', title: 'Answered', unit: 'count' },
  { field: 'outbound', title: 'Outbound', unit: 'count' },
  { field: 'averageHandleTimeMs', title: 'Average handle time', unit: 'ms' },
  { field: 'averageTalkTimeMs', title: 'Average talk', unit: 'ms' },
  { field: 'averageWrapTimeMs', title: 'Average wrap-up', unit: 'ms' },
  { field: 'transferRate', title: 'Transfer rate', unit: 'ratio' },
];

export const figureOf = field => figures.find(figure => figure.field === field);

/** The target of a figure in a record; null if the figure has no target, or the queues of the record have different targets. */
export const targetOf = (figure, record) => (figure.target ? record?.[figure.target] ?? null : null);

export const isMissed = (figure, record) => {
  const [value, target] = [record?.[figure.field] ?? null, targetOf(figure, record)];
  return value !== null && target !== null && value < target;
};

/**
 * Combines one figure of several buckets: a count becomes the average per bucket, the longest wait the maximum. A ratio or an average is the sum of its
 * numerators divided by the sum of its denominators, because an average of averages would ignore the volumes.
 */
export function combined(field, buckets) {
  const sum = value => buckets.reduce((total, bucket) => total + (value(bucket) ?? 0), 0);
  const ratio = (numerator, denominator) => (sum(denominator) > 0 ? sum(numerator) / sum(denominator) : null);
  if (buckets.length === 0) return null;
  switch (field) {
    case 'serviceLevel': return ratio(bucket => bucket.serviceLevelNumerator, bucket => bucket.serviceLevelDenominator);
    case 'abandonRate': return ratio(bucket => bucket.abandoned, rateDenominator);
    case 'averageHandleTimeMs': return ratio(bucket => bucket.totalHandleTimeMs, bucket => bucket.handled);
    case 'averageSpeedOfAnswerMs': return ratio(bucket => bucket.answerTimeMs, bucket => bucket.answered);
    case 'averageWaitTimeMs': return ratio(bucket => bucket.waitTimeMs, waited);
    case 'longestWaitMs': {
      const waits = buckets.map(bucket => bucket.longestWaitMs).filter(wait => wait !== null);
      return waits.length > 0 ? Math.max(...waits) : null;
    }
    default: return sum(bucket => bucket[field]) / buckets.length;
  }
}

// The API excludes unanswered callbacks from the denominator of its rates, so this function derives the denominator from the rates.
const rateDenominator = bucket => (bucket.answered > 0 && bucket.answerRate ? Math.round(bucket.answered / bucket.answerRate)
  : bucket.abandoned > 0 && bucket.abandonRate ? Math.round(bucket.abandoned / bucket.abandonRate)
    : bucket.abandonRate === null ? 0 : bucket.offered);

// Genesys counts a wait for every interaction that left the queue. The API returns this count with metric=tWait.
const waited = bucket => bucket.metrics?.tWait?.count;

/** Explains to the user how `combined` combines a figure. */
export const combinedText = figure => (figure.unit === 'count' ? 'Each cell is the average over its days.'
  : figure.field === 'longestWaitMs' ? 'Each cell is the longest wait on its days.' : 'Each cell combines its days, weighted by volume.');

/** The additional query parameters that `combined` needs for this figure. */
export const combinable = field => (field === 'averageWaitTimeMs' ? { metric: 'tWait' } : {});
