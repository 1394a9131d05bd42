// The URL holds the state of the page: a shared link shows the same view. Parameters share their names with GET /aggregates where it has them.
import { agentFigures, figureOfList, figures, lists } from './figures.js';
import { granularities, periods, validRange } from './periods.js';

export const mediaTypes = ['voice', 'callback', 'chat', 'email', 'message', 'cobrowse', 'screenshare', 'screenmonitoring', 'video', 'internalmessage', 'unknown'];

export const viewersTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const columns = ['queueName', 'mediaType', ...figures.map(figure => figure.field)];
const agentColumns = ['userName', ...agentFigures.map(figure => figure.field)];

export const defaults = () => ({
  period: 'today', from: null, to: null, timeZone: viewersTimeZone(), queueId: [], divisionId: [], mediaType: [],
  figure: 'serviceLevel', granularity: null, sort: '-totalInteractions', agentSort: '-handled', rows: 25, conversations: null, wall: false, rotate: 15,
});

/** Reads the address. What it cannot use is reported in `problems`, and the default is used instead. */
export function parseState(search) {
  const parameters = new URLSearchParams(search);
  const state = defaults();
  const problems = [];
  const reject = (name, value, accepted) => problems.push(`The link contains ${name}=${value}, which is not valid. Valid values: ${accepted}.`);
  const one = (name, accept, accepted) => {
    const value = parameters.get(name);
    if (value === null) return;
    const read = accept(value);
    if (read === undefined) reject(name, value, accepted);
    else state[name] = read;
  };
  const list = (name, accept, accepted) => {
    for (const value of parameters.getAll(name).flatMap(text => text.split(',')).filter(text => text !== '')) {
      if (!accept(value)) reject(name, value, accepted);
      else if (!state[name].includes(value)) state[name].push(value);
    }
  };

  one('period', value => (periods.some(period => period.name === value) ? value : undefined), periods.map(period => period.name).join(', '));
  // An unencoded plus arrives as a space.
  one('timeZone', value => [value, value.replace(' ', '+')].find(isTimeZone), 'a time zone such as Europe/Berlin');
  list('queueId', isId, 'the id of a queue');
  list('divisionId', isId, 'the id of a division');
  list('mediaType', value => mediaTypes.includes(value), mediaTypes.join(', '));
  one('figure', value => (figures.some(figure => figure.field === value) ? value : undefined), figures.map(figure => figure.field).join(', '));
  one('granularity', value => (granularities.includes(value) ? value : undefined), granularities.join(', '));
  for (const [name, accepted] of [['sort', columns], ['agentSort', agentColumns]]) {
    one(name, value => (accepted.includes(value.replace(/^-/, '')) ? value : undefined), `a column, with - before it for descending order: ${accepted.join(', ')}`);
  }
  one('rows', value => ({ 25: 25, 200: 200 })[value], '25 or 200');
  one('conversations', value => (figureOfList(value) ? value : undefined), [...new Set([...figures, ...lists].map(figure => figure.field))].join(', '));
  one('wall', value => ({ 1: true, 0: false })[value], '1 or 0');
  one('rotate', value => (/^\d{1,4}$/.test(value) && Number(value) >= 5 && Number(value) <= 3600 ? Number(value) : undefined), '5 to 3600 seconds');

  if (state.period === 'custom') {
    const [from, to] = [parameters.get('from'), parameters.get('to')];
    if (from && to && validRange(from, to)) Object.assign(state, { from, to });
    else {
      reject('from', `${from ?? ''}&to=${to ?? ''}`, 'two local times such as 2026-11-01T08:00, in steps of 5 minutes, the first before the second');
      state.period = 'today';
    }
  }

  const known = new Set([...Object.keys(state)]);
  for (const name of new Set(parameters.keys())) {
    if (!known.has(name)) problems.push(`The link contains an unknown parameter, which is ignored: ${name}.`);
  }

  return { state, problems };
}

/** Only what differs from the defaults, so that links stay short. The time zone is always written: its default depends on the viewer. */
export function printState(state) {
  const usual = defaults();
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value === null || (name !== 'timeZone' && String(value) === String(usual[name]))) continue;
    for (const each of [value].flat()) parameters.append(name, each === true ? '1' : each === false ? '0' : String(each));
  }
  return `?${parameters}`;
}

function isTimeZone(name) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const isId = text => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
