// The URL contains the state of the page, so a shared link shows the same view. Parameters have the same names as in GET /aggregates, as far as they exist there.
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

/** Parses the query string of the URL. For an invalid value, it uses the default and adds a message to `problems`. */
export function parseState(search) {
  const parameters = new URLSearchParams(search);
  const state = defaults();
  const problems = [];
  const reject = (name, value, validValues) => problems.push(`The link contains ${name}=${value}, which is not valid. Valid values: ${validValues}.`);
  const readOne = (name, parse, validValues) => {
    const value = parameters.get(name);
    if (value === null) return;
    const parsed = parse(value);
    if (parsed === undefined) reject(name, value, validValues);
    else state[name] = parsed;
  };
  const readList = (name, isValid, validValues) => {
    for (const value of parameters.getAll(name).flatMap(text => text.split(',')).filter(text => text !== '')) {
      if (!isValid(value)) reject(name, value, validValues);
      else if (!state[name].includes(value)) state[name].push(value);
    }
  };

  readOne('period', value => (periods.some(period => period.name === value) ? value : undefined), periods.map(period => period.name).join(', '));
  // An unencoded plus arrives as a space.
  readOne('timeZone', value => [value, value.replace(' ', '+')].find(isTimeZone), 'a time zone such as Europe/Berlin');
  readList('queueId', isId, 'the id of a queue');
  readList('divisionId', isId, 'the id of a division');
  readList('mediaType', value => mediaTypes.includes(value), mediaTypes.join(', '));
  readOne('figure', value => (figures.some(figure => figure.field === value) ? value : undefined), figures.map(figure => figure.field).join(', '));
  readOne('granularity', value => (granularities.includes(value) ? value : undefined), granularities.join(', '));
  for (const [name, names] of [['sort', columns], ['agentSort', agentColumns]]) {
    readOne(name, value => (names.includes(value.replace(/^-/, '')) ? value : undefined), `a column, with - before it for descending order: ${names.join(', ')}`);
  }
  readOne('rows', value => ({ 25: 25, 200: 200 })[value], '25 or 200');
  readOne('conversations', value => (figureOfList(value) ? value : undefined), [...new Set([...figures, ...lists].map(figure => figure.field))].join(', '));
  readOne('wall', value => ({ 1: true, 0: false })[value], '1 or 0');
  readOne('rotate', value => (/^\d{1,4}$/.test(value) && Number(value) >= 5 && Number(value) <= 3600 ? Number(value) : undefined), '5 to 3600 seconds');

  if (state.period === 'custom') {
    const [from, to] = [parameters.get('from'), parameters.get('to')];
    if (from && to && validRange(from, to)) Object.assign(state, { from, to });
    else {
      reject('from', `${from ?? ''}&to=${to ?? ''}`, 'two local times such as 2026-11-01T08:00, in steps of 5 minutes, the first before the second');
      state.period = 'today';
    }
  }

  const knownNames = new Set(Object.keys(state));
  for (const name of new Set(parameters.keys())) {
    if (!knownNames.has(name)) problems.push(`The link contains an unknown parameter, which is ignored: ${name}.`);
  }

  return { state, problems };
}

/** Returns the query string of a state. It omits defaults to keep links short, except the time zone, whose default depends on the viewer. */
export function printState(state) {
  const defaultState = defaults();
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value === null || (name !== 'timeZone' && String(value) === String(defaultState[name]))) continue;
    for (const item of [value].flat()) parameters.append(name, item === true ? '1' : item === false ? '0' : String(item));
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
