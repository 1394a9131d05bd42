// The key figures, by the fields of GET /aggregates. Their definitions come from GET /catalog.
// `better` says which direction is good. It colours a change; the sign and the words say the same, so colour is not the only cue.

const counted = 'These are the conversations that it is counted from.';

export const figures = [
  { field: 'totalInteractions', title: 'Interactions', unit: 'count', conversations: counted },
  { field: 'offered', title: 'Offered', unit: 'count', conversations: 'These are all conversations of the selection. Outbound ones are not offered.' },
  { field: 'answered', title: 'Answered', unit: 'count', conversations: counted },
  { field: 'abandonRate', title: 'Abandon rate', unit: 'ratio', better: 'less', conversations: 'These are the abandoned conversations.' },
  {
    field: 'serviceLevel', title: 'Service level', unit: 'ratio', better: 'more', target: 'serviceLevelTarget',
    conversations: 'These are the conversations that were answered, were abandoned or flowed out. Settings in Genesys Cloud decide which of them count.',
  },
  { field: 'averageHandleTimeMs', title: 'Average handle time', unit: 'ms', conversations: 'These are the conversations with a handle time.' },
  { field: 'averageSpeedOfAnswerMs', title: 'Average speed of answer', unit: 'ms', better: 'less', conversations: 'These are the answered conversations.' },
  { field: 'averageWaitTimeMs', title: 'Average wait', unit: 'ms', better: 'less', conversations: 'These are the conversations with a wait.' },
  { field: 'longestWaitMs', title: 'Longest wait', unit: 'ms', better: 'less', conversations: 'It is the longest of these waits.' },
];

/** The lists of conversations to choose from. Some belong to counts that have no tile. */
export const lists = [
  { ...figures[0], list: 'All' },
  { ...figures[2], list: 'Answered' },
  { field: 'abandoned', title: 'Abandoned', unit: 'count', list: 'Abandoned', conversations: counted },
  { field: 'flowOut', title: 'Flow-outs', unit: 'count', list: 'Flow-outs', conversations: counted },
  { ...figures[7], list: 'With a wait' },
  { field: 'handled', title: 'Handled', unit: 'count', list: 'Handled', conversations: 'It counts the sessions of agents in these conversations.' },
];

export const figureOfList = field => figures.find(figure => figure.field === field) ?? lists.find(list => list.field === field);

/** The figures of an agent's sessions. What belongs to the queue, such as the service level, has no agent. */
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

/** The target of a figure in a record; null if the figure has none, or the record no single one. */
export const targetOf = (figure, record) => (figure.target ? record?.[figure.target] ?? null : null);

export const isMissed = (figure, record) => {
  const [value, target] = [record?.[figure.field] ?? null, targetOf(figure, record)];
  return value !== null && target !== null && value < target;
};

/**
 * One figure over several buckets: a count is the average per bucket, the longest wait is the maximum, and a ratio or an average is the sum of its
 * numerators over the sum of its denominators. An average of averages would be wrong.
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

// The API excludes callbacks without answers from the denominator of its rates; the rates tell what is left.
const rateDenominator = bucket => (bucket.answered > 0 && bucket.answerRate ? Math.round(bucket.answered / bucket.answerRate)
  : bucket.abandoned > 0 && bucket.abandonRate ? Math.round(bucket.abandoned / bucket.abandonRate)
    : bucket.abandonRate === null ? 0 : bucket.offered);

// Genesys counts a wait for every interaction that left the queue; the API gives the count with metric=tWait.
const waited = bucket => bucket.metrics?.tWait?.count;

/** How `combined` combines. */
export const combinedText = figure => (figure.unit === 'count' ? 'Each cell is the average of its days.'
  : figure.field === 'longestWaitMs' ? 'Each cell is the longest of its days.' : 'Each cell covers all its days, weighted by volume.');

/** What a query needs in addition so that buckets of this figure can be combined. */
export const combinable = field => (field === 'averageWaitTimeMs' ? { metric: 'tWait' } : {});
