// Period, time zone, queues, divisions and media types.
import { byId, fill, h } from '../elements.js';
import { mediaTypeText } from '../format.js';
import { periods, validRange } from '../periods.js';
import { mediaTypes } from '../state.js';

let shownState = null;

/**
 * Shows all filters of a new state. If only the names of the queues have arrived, it replaces the lists alone, because a time zone or a range may be
 * half entered, and the browser reports a change only of the field in which it was entered.
 * @param change called with what is different in the state
 */
export function showFilters(state, queues, change) {
  const pickers = [
    picker('queues', 'Queues', 'All queues', queues.map(queue => ({ value: queue.id, title: queue.name, group: queue.divisionName })), state.queueId, queueId => change({ queueId })),
    picker('divisions', 'Divisions', 'All divisions', divisionsOf(queues), state.divisionId, divisionId => change({ divisionId })),
    picker('media-types', 'Media types', 'All media types', mediaTypes.map(value => ({ value, title: mediaTypeText(value) })), state.mediaType, mediaType => change({ mediaType })),
  ];
  keepOpen(() => {
    if (state === shownState) pickers.forEach(one => byId(one.id).replaceWith(one));
    else fill(byId('filters'), fields(state, change), pickers);
  });
  if (state === shownState) return;
  shownState = state;
  // Attributes set only the initial values.
  byId('period').value = state.period;
  byId('time-zone').value = state.timeZone;
}

const fields = (state, change) => [
  h('label', { class: 'field' }, h('span', {}, 'Period'),
    h('select', { id: 'period', onchange: event => choosePeriod(event.target.value, change) },
      periods.map(period => h('option', { value: period.name, selected: period.name === state.period }, period.title)))),
  h('span', { id: 'range', class: 'range', hidden: state.period !== 'custom' }, range(state, change)),
  h('label', { class: 'field' }, h('span', {}, 'Time zone'),
    h('input', { id: 'time-zone', list: 'time-zones', value: state.timeZone, autocomplete: 'off', spellcheck: 'false', size: '18', onchange: event => chooseTimeZone(event.target, change) })),
  timeZones(),
];

function choosePeriod(period, change) {
  if (period === 'custom') {
    byId('range').hidden = false;
    byId('from').focus();
  } else change({ period, from: null, to: null });
}

const timeZones = () => h('datalist', { id: 'time-zones' }, ['UTC', ...Intl.supportedValuesOf('timeZone')].map(value => h('option', { value })));

function chooseTimeZone(input, change) {
  try {
    const timeZone = input.value.trim();
    // Throws if the browser does not know it. Its own name for a time zone may be an older one.
    new Intl.DateTimeFormat('en', { timeZone });
    input.setCustomValidity('');
    change({ timeZone });
  } catch {
    input.setCustomValidity(`${input.value} is not a time zone. Choose one from the list, such as Europe/Berlin.`);
    input.reportValidity();
  }
}

function range(state, change) {
  const field = (id, title, value) => h('label', { class: 'field' }, h('span', {}, title), h('input', { id, type: 'datetime-local', step: '300', value }));
  return [
    field('from', 'From', state.from ?? ''), field('to', 'To', state.to ?? ''),
    h('button', {
      type: 'button', id: 'show-range', onclick: () => {
        const [from, to] = [byId('from').value.slice(0, 16), byId('to').value.slice(0, 16)];
        const message = validRange(from, to) ? '' : 'Enter a start and an end in 5-minute steps. The start must be before the end.';
        byId('to').setCustomValidity(message);
        if (message) byId('to').reportValidity();
        else change({ period: 'custom', from, to });
      },
    }, 'Show'),
  ];
}

const divisionsOf = queues => [...new Map(queues.filter(queue => queue.divisionId).map(queue => [queue.divisionId, queue.divisionName ?? queue.divisionId]))]
  .map(([value, title]) => ({ value, title })).sort((one, other) => one.title.localeCompare(other.title));

/** A list of check boxes that opens on a button, with a search where the list is long. The choice applies at once. */
function picker(id, title, none, options, chosen, choose) {
  const unknown = chosen.filter(value => !options.some(option => option.value === value)).map(value => ({ value, title: value }));
  const all = [...options, ...unknown];
  const names = all.filter(option => chosen.includes(option.value)).map(option => option.title);
  const choice = names.length === 0 ? none : names.length <= 2 ? names.join(', ') : `${names.length} selected`;
  const isLong = all.length > 8;
  return h('details', { class: 'menu picker field', id: `${id}-picker` },
    h('summary', { id: `${id}-summary` }, h('span', {}, title), h('span', { class: 'choice' }, choice)),
    h('div', { class: 'panel' },
      isLong ? h('input', { type: 'search', id: `${id}-search`, placeholder: `Search ${title.toLowerCase()}`, 'aria-label': `Search ${title.toLowerCase()}`, autocomplete: 'off', oninput: event => search(id, event.target.value) }) : null,
      h('div', { class: 'options', id: `${id}-options` }, all.map(option => h('label', { class: 'option', 'data-title': searchable(`${option.title} ${option.group ?? ''}`) },
        h('input', { type: 'checkbox', id: `${id}-${option.value}`, value: option.value, checked: chosen.includes(option.value), onchange: () => choose(checkedIn(id)) }),
        h('span', {}, option.title), option.group ? h('span', { class: 'quiet' }, option.group) : null))),
      h('p', { class: 'quiet', id: `${id}-no-match`, hidden: true }, 'No match.'),
      chosen.length > 0 ? h('button', { type: 'button', id: `${id}-clear`, class: 'link', onclick: () => choose([]) }, `Show ${none.toLowerCase()}`) : null));
}

const checkedIn = id => [...byId(`${id}-options`).querySelectorAll('input:checked')].map(input => input.value);

/** Without case and accents. */
const searchable = text => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

function search(id, text) {
  const words = searchable(text).split(/\s+/).filter(Boolean);
  let matches = 0;
  for (const option of byId(`${id}-options`).children) {
    option.hidden = !words.every(word => option.dataset.title.includes(word));
    if (!option.hidden) matches++;
  }
  byId(`${id}-no-match`).hidden = matches > 0;
}

/** The focus, and an open list with its search and its position, stay as they are while lists are replaced. */
function keepOpen(replace) {
  const open = document.querySelector('#filters details.picker[open]');
  const focused = byId('filters').contains(document.activeElement) ? document.activeElement.id : '';
  const kept = open && { id: open.id, search: open.querySelector('input[type=search]')?.value, top: open.querySelector('.options').scrollTop };
  replace();
  const again = kept && byId(kept.id);
  if (again) {
    again.open = true;
    if (kept.search) {
      again.querySelector('input[type=search]').value = kept.search;
      search(kept.id.replace('-picker', ''), kept.search);
    }
    again.querySelector('.options').scrollTop = kept.top;
  }
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
}
