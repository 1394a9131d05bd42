// Says in words how current the state of the queues is.
import { h } from '../../display/elements.js';
import { durationText, secondText } from '../../display/format.js';
import { outdatedAge } from '../../live/liveQueues.js';

/** The page reports a lost connection only after this many milliseconds, because most are restored sooner. */
const gracePeriod = 5000;

/**
 * @returns `time` is the time up to which waits are counted. It stops when the connection is lost, because a wait may have ended since. `words` change
 * only with the status; `age` changes all the time.
 */
export function situationOf(live, timeZone, now) {
  const { observations } = live;
  if (observations.heardAt === null) {
    return live.status === 'lost' ? { time: now, isCurrent: false, words: 'Not live: no connection, retrying', age: '' } : { time: now, isCurrent: true, words: 'Connecting…', age: '' };
  }
  const isLost = live.status === 'lost' && now - observations.heardAt > gracePeriod;
  const time = isLost ? observations.heardAt : now;
  const age = observations.ageAt(now);
  const isOld = observations.stale || (age !== null && age > outdatedAge);
  const words = isLost ? `Not live since ${secondText(observations.heardAt, timeZone)}`
    : isOld ? 'Out of date' : live.status === 'polling' ? 'Updated every few seconds' : 'Live';
  return { time, isCurrent: !isLost && !isOld, words, age: age === null ? '' : `${durationText(Math.floor(age / 1000) * 1000)} old` };
}

/** The status for the heading, and notes on the figures below it. */
export function liveStatus(live, timeZone, now) {
  const { time, isCurrent, words, age } = situationOf(live, timeZone, now);
  const { complete, repaired, warnings } = live.observations;
  const heading = h('p', { class: `live-state ${isCurrent ? 'quiet' : 'bad'}`, 'data-key': 'live-state' },
    h('span', { class: `lamp ${isCurrent ? 'on' : ''}`, 'aria-hidden': 'true' }),
    h('span', { id: 'now-status', role: 'status' }, words), h('span', { id: 'now-age' }, age ? `, ${age}` : ''));
  const notes = [
    complete ? null : h('p', { class: 'bad', id: 'now-incomplete', 'data-key': 'incomplete' }, 'Incomplete: some figures are missing, and totals may be too low.'),
    repaired ? h('p', { class: 'quiet', id: 'now-repaired', 'data-key': 'repaired' }, 'Some updates were lost, so all figures were reloaded.') : null,
    warnings.length > 0 ? h('ul', { class: 'quiet', id: 'now-warnings', 'data-key': 'warnings' }, warnings.map(warning => h('li', {}, warning))) : null,
  ].filter(Boolean);
  return { time, isCurrent, heading, notes: notes.length > 0 ? h('div', { class: 'live-notes', 'data-key': 'notes' }, notes) : null };
}
