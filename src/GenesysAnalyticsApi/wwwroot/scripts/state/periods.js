// The periods that the user can select, and their parameters for GET /aggregates.

export const periods = [
  { name: 'today', title: 'Today', days: 1, previous: 'the same time yesterday' },
  { name: 'yesterday', title: 'Yesterday', days: 1, previous: 'the day before' },
  { name: 'last-24-hours', title: 'Last 24 hours', days: 1, previous: 'the 24 hours before' },
  { name: 'last-7-days', title: 'Last 7 days', days: 7, previous: 'the 7 days before' },
  { name: 'last-28-days', title: 'Last 28 days', days: 28, previous: 'the 28 days before' },
  { name: 'this-week', title: 'This week', days: 7, previous: 'the same part of last week' },
  { name: 'last-week', title: 'Last week', days: 7, previous: 'the week before' },
  { name: 'this-month', title: 'This month', days: 31, previous: 'the same part of last month' },
  { name: 'last-month', title: 'Last month', days: 31, previous: 'the month before' },
  { name: 'last-90-days', title: 'Last 90 days', days: 90, previous: 'the 90 days before' },
  { name: 'this-year', title: 'This year', days: 366, previous: 'the same part of last year' },
  { name: 'last-year', title: 'Last year', days: 366, previous: 'the year before' },
  { name: 'custom', title: 'Custom range', days: null, previous: 'the preceding period of the same local length' },
];

export const periodOf = state => periods.find(period => period.name === state.period);

/** The parameters that select the time. */
export function interval(state) {
  switch (state.period) {
    case 'last-24-hours': return { last: 'PT24H', timeZone: state.timeZone };
    case 'custom': return { from: unambiguous(state.from, state.timeZone, 0), to: unambiguous(state.to, state.timeZone, -1), timeZone: state.timeZone };
    default: return { period: state.period, timeZone: state.timeZone };
  }
}

export const lengthInDays = state => periodOf(state).days ?? (Date.parse(`${state.to}Z`) - Date.parse(`${state.from}Z`)) / 86_400_000;

/**
 * Returns a local time as GET /aggregates accepts it. If the clocks change, a local time can occur twice or not at all; this function then returns a UTC
 * instant. For a repeated time, a range starts at the first occurrence and ends at the second. A skipped time becomes the instant of the change.
 * @param position the index of the occurrence of a repeated time: 0 for the first, -1 for the last
 */
function unambiguous(time, timeZone, position) {
  const utc = Date.parse(`${time}Z`);
  const before = utc - offsetAt(utc - 86_400_000, timeZone);
  const candidates = [...new Set([before, utc - offsetAt(utc + 86_400_000, timeZone)])].sort((a, b) => a - b);
  const instants = candidates.filter(instant => instant + offsetAt(instant, timeZone) === utc);
  return instants.length === 1 ? time : new Date(instants.at(position) ?? before).toISOString().replace('.000Z', 'Z');
}

/** How many milliseconds local time is ahead of UTC. */
function offsetAt(instant, timeZone) {
  const text = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(new Date(instant)).find(part => part.type === 'timeZoneName').value;
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d+):(\d+))?/.exec(text);
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}

const minutes = { PT15M: 15, PT30M: 30, PT1H: 60, P1D: 1440, P1M: 43_200 };

export const granularities = Object.keys(minutes);

/** About a year of half hours, which is a response of about 40 MB. */
const maxBuckets = 18_000;

/** The granularities with which the trend has at least two points and not too many. */
export const trendGranularities = state => granularities.filter(size => {
  const buckets = lengthInDays(state) * 1440 / minutes[size];
  return buckets >= 2 && buckets <= maxBuckets;
});

/** The selected granularity of the trend if it fits the period, otherwise the default. */
export const trendGranularity = state => (trendGranularities(state).includes(state.granularity) ? state.granularity : defaultGranularity(state));

/** A granularity that shows the trend and still leaves enough interactions in each bucket. */
export const defaultGranularity = state => granularity(state, [[2, 'PT30M'], [8, 'PT1H'], [100, 'P1D'], [Infinity, 'P1M']]);

/** A coarser granularity for the sparklines in the table. */
export const sparklineGranularity = state => granularity(state, [[2, 'PT1H'], [100, 'P1D'], [Infinity, 'P1M']]);

const granularity = (state, sizes) => sizes.find(([days]) => lengthInDays(state) <= days)[1];

/** The parameters that select the time, extended to whole buckets, because a custom range can begin and end within a bucket. */
export function wholeBuckets(state, size) {
  if (state.period !== 'custom') return interval(state);
  const from = bucketStart(state.from, size);
  const to = bucketStart(state.to, size);
  return interval({ ...state, from, to: to === state.to ? to : bucketAfter(to, size) });
}

function bucketStart(time, size) {
  switch (size) {
    case 'P1M': return `${time.slice(0, 8)}01T00:00`;
    case 'P1D': return `${time.slice(0, 10)}T00:00`;
    case 'PT1H': return `${time.slice(0, 13)}:00`;
    default: return `${time.slice(0, 14)}${String(Math.floor(time.slice(14) / minutes[size]) * minutes[size]).padStart(2, '0')}`;
  }
}

function bucketAfter(time, size) {
  const start = new Date(`${time}Z`);
  if (size === 'P1M') start.setUTCMonth(start.getUTCMonth() + 1);
  else start.setTime(start.getTime() + minutes[size] * 60_000);
  return start.toISOString().slice(0, 16);
}

const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:[0-5][05]$/;

/** Checks local times in the format of <input type="datetime-local">. */
export const validRange = (from, to) => localTime.test(from) && localTime.test(to) && Number.isFinite(Date.parse(`${from}Z`))
  && Number.isFinite(Date.parse(`${to}Z`)) && from < to;
