// Formats figures as text, with abbreviated units on the screen and full words for screen readers.

// The texts of the page are English, so numbers and dates use an English locale too.
const language = navigator.language.startsWith('en') ? navigator.language : 'en-GB';

const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
const alignedPercent = new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const decimals = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

export const absent = '–';

/** "1,234", "81.3%", "6 min 5 s". */
export function figureText(value, unit) {
  if (value === null || value === undefined) return absent;
  switch (unit) {
    case 'ratio': return value > 0 && value < 0.0005 ? `<${percent.format(0.001)}` : percent.format(value);
    case 'ms': return durationText(value);
    default: return whole.format(value);
  }
}

/** Like `figureText`, but rates always have one decimal, so that they line up in a column: "64.0%". */
export const columnText = (value, unit) => (unit === 'ratio' && value >= 0.0005 ? alignedPercent.format(value) : figureText(value, unit));

/** The two largest units, rounded: "42 s", "6 min 5 s", "2 h 4 min", "3 d 2 h". */
export function durationText(milliseconds) {
  if (milliseconds > 0 && milliseconds < 1000) return `${decimals.format(milliseconds / 1000)} s`;
  const step = milliseconds >= 86_400_000 ? 3600 : milliseconds >= 3_600_000 ? 60 : 1;
  const seconds = Math.round(milliseconds / 1000 / step) * step;
  const parts = [[Math.floor(seconds / 86_400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([count], index) => index === 0 || count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** An estimate, rounded up: "about 20 s left", "about 12 min left". */
export function timeLeftText(seconds) {
  const step = seconds > 120 ? 60 : seconds > 10 ? 5 : 1;
  return `about ${durationText(Math.max(1, Math.ceil(seconds / step) * step) * 1000)} left`;
}

/** One unit, for small cells: "42s", "6m", "2.1h". */
export function shortDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  return seconds < 59.5 ? `${Math.round(seconds)}s` : seconds < 3570 ? `${Math.round(seconds / 60)}m` : `${decimals.format(seconds / 3600)}h`;
}

/** A running wait, like a clock: "0:42", "6:05". After an hour, seconds no longer matter: "2h 04m", "1d 3h". */
export function counterText(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const padded = number => String(number).padStart(2, '0');
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days > 0 ? `${days}d ${hours}h` : hours > 0 ? `${hours}h ${padded(minutes)}m` : `${minutes}:${padded(seconds % 60)}`;
}

/** A figure with its units as full words, for screen readers. */
export const spokenText = (value, unit) => (value === null || value === undefined ? 'no value'
  : figureText(value, unit).replace(/(\S+) (min|s|h|d)\b/g, (_, count, short) => `${count} ${spokenUnits[short]}${count === '1' ? '' : 's'}`).replace(/\s*%/, ' percent'));

const spokenUnits = { d: 'day', h: 'hour', min: 'minute', s: 'second' };

/** The sign that precedes the words of a change. */
export const changeSign = { up: '▲', down: '▼', same: '=' };

const words = { count: { up: 'more', down: 'fewer' }, ratio: { up: 'higher', down: 'lower' }, ms: { up: 'longer', down: 'shorter' } };

/**
 * The change from the previous interval: counts and times in percent of the previous value, rates in percentage points.
 * Null if the values cannot be compared.
 */
export function changeOf(value, previous, figure) {
  if (value === null || value === undefined || previous === null || previous === undefined) return null;
  const difference = value - previous;
  const points = figure.unit === 'ratio';
  if (!points && previous === 0) return difference === 0 ? { direction: 'same', text: 'unchanged', verdict: null } : null;
  const shown = points ? decimals.format(Math.abs(difference) * 100) : percent.format(Math.abs(difference) / previous);
  if (shown === (points ? decimals : percent).format(0)) return { direction: 'same', text: 'unchanged', verdict: null };
  const direction = difference > 0 ? 'up' : 'down';
  const good = figure.better === undefined ? null : (figure.better === 'more') === (difference > 0);
  return { direction, text: `${shown}${points ? ` percentage point${shown === '1' ? '' : 's'}` : ''} ${words[figure.unit][direction]}`, verdict: good === null ? null : good ? 'better' : 'worse' };
}

/** An age: "less than a minute", "3 minutes", "2 hours". */
export function ageText(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

/** "Data as of 09:25, 3 minutes old". The day appears if it is not today. */
export function dataAgeText(asOf, timeZone) {
  const day = dayText(asOf, timeZone) === dayText(Date.now(), timeZone) ? '' : `${dayText(asOf, timeZone)}, `;
  return `Data as of ${day}${clockText(asOf, timeZone)}, ${ageText(Date.now() - Date.parse(asOf))} old`;
}

const formatter = (options, timeZone) => new Intl.DateTimeFormat(language, { ...options, timeZone });

export const clockText = (instant, timeZone) => formatter({ hour: '2-digit', minute: '2-digit' }, timeZone).format(new Date(instant));

export const secondText = (instant, timeZone) => formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' }, timeZone).format(new Date(instant));

export const dayText = (instant, timeZone) => formatter({ weekday: 'short', day: 'numeric', month: 'short' }, timeZone).format(new Date(instant));

/** "Sun 29 Nov, 00:00 to 09:25" or "Sun 1 Nov to Sat 28 Nov". An end at midnight belongs to the day before. The year appears only if it is not the current one. */
export function intervalText(text, timeZone) {
  const [from, to] = text.split('/').map(instant => new Date(instant));
  const last = new Date(to.getTime() - 1);
  const time = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, timeZone);
  const year = formatter({ year: 'numeric' }, timeZone);
  const isThisYear = [from, last].every(instant => year.format(instant) === year.format(new Date()));
  const day = instant => (isThisYear ? dayText(instant, timeZone) : `${dayText(instant, timeZone)} ${year.format(instant)}`);
  const wholeDays = time.format(from) === time.format(to) && /^00[:.]00$/.test(time.format(from));
  if (wholeDays) return day(from) === day(last) ? day(from) : `${day(from)} to ${day(last)}`;
  const sameDay = day(from) === day(last);
  return `${day(from)}, ${time.format(from)} to ${sameDay ? '' : `${day(to)}, `}${time.format(to)}`;
}

/** The start of a bucket, for axes and tables. */
export function bucketText(instant, granularity, timeZone) {
  if (granularity === 'P1M') return formatter({ month: 'short', year: 'numeric' }, timeZone).format(new Date(instant));
  if (granularity.startsWith('P1')) return dayText(instant, timeZone);
  return formatter({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }, timeZone).format(new Date(instant));
}

/** The starts of buckets. If an hour occurs twice, its buckets also show the offset from UTC. */
export function bucketTexts(instants, granularity, timeZone) {
  const texts = instants.map(instant => bucketText(instant, granularity, timeZone));
  const offset = formatter({ timeZoneName: 'shortOffset' }, timeZone);
  return texts.map((text, index) => (texts.indexOf(text) === texts.lastIndexOf(text) ? text
    : `${text} (${offset.formatToParts(new Date(instants[index])).find(part => part.type === 'timeZoneName').value})`));
}

export const granularityText = { PT15M: 'quarter hour', PT30M: 'half hour', PT1H: 'hour', P1D: 'day', P1M: 'month' };

/** "Voice", "Internal message". */
export const mediaTypeText = name => ({ internalmessage: 'Internal message', cobrowse: 'Co-browse', screenshare: 'Screen share', screenmonitoring: 'Screen monitoring' })[name]
  ?? (name ? name[0].toUpperCase() + name.slice(1) : 'All media types');

/** A Genesys term such as "inbound", capitalized for the start of a cell. */
export const wordText = word => (word ? word[0].toUpperCase() + word.slice(1) : absent);
