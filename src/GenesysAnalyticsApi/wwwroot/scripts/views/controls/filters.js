// The filters: period, time zone, queues, divisions and media types.
import { byId, fill, h } from '../../display/elements.js';
import { mediaTypeText } from '../../display/format.js';
import { periods, validRange } from '../../state/periods.js';
import { mediaTypes } from '../../state/urlState.js';

let shownState = null;

/**
 * Renders the filters. If the state is the same and only queue names have arrived, it replaces only the pickers. The user may be in the middle of entering
 * a time zone or a range, and replacing its field would discard the input.
 * @param change callback that receives the changed properties of the state
 */
export function showFilters(state, queues, change) {
  const pickers = [
    picker('queues', 'Queues', 'All queues', queues.map(queue => ({ value: queue.id, title: queue.name, group: queue.divisionName })), state.queueId, queueId => change({ queueId })),
    picker('divisions', 'Divisions', 'All divisions', divisionsOf(queues), state.divisionId, divisionId => change({ divisionId })),
    picker('media-types', 'Media types', 'All media types', mediaTypes.map(value => ({ value, title: mediaTypeText(value) })), state.mediaType, mediaType => change({ mediaType })),
  ];
  keepOpen(() => {
    if (state === shownState) pickers.forEach(element => byId(element.id).replaceWith(element));
    else fill(byId('filters'), fields(state, change), pickers);
  });
  if (state === shownState) return;
  shownState = state;
  // Attributes set only the initial values, so the current values are set as properties.
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
    // The constructor throws if the time zone is invalid. Its resolved name is not used, because it may be an older alias.
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
  .map(([value, title]) => ({ value, title })).sort((a, b) => a.title.localeCompare(b.title));

/** A drop-down list of check boxes, with a search if the list is long. A selection applies at once. */
function picker(id, title, noneText, options, selected, select) {
  const unlisted = selected.filter(value => !options.some(option => option.value === value)).map(value => ({ value, title: value }));
  const all = [...options, ...unlisted];
  const names = all.filter(option => selected.includes(option.value)).map(option => option.title);
  const choice = names.length === 0 ? noneText : names.length <= 2 ? names.join(', ') : `${names.length} selected`;
  const isLong = all.length > 8;
  return h('details', { class: 'menu picker field', id: `${id}-picker` },
    h('summary', { id: `${id}-summary` }, h('span', {}, title), h('span', { class: 'choice' }, choice)),
    h('div', { class: 'panel' },
      isLong ? h('input', { type: 'search', id: `${id}-search`, placeholder: `Search ${title.toLowerCase()}`, 'aria-label': `Search ${title.toLowerCase()}`, autocomplete: 'off', oninput: event => search(id, event.target.value) }) : null,
      h('div', { class: 'options', id: `${id}-options` }, all.map(option => h('label', { class: 'option', 'data-title': searchable(`${option.title} ${option.group ?? ''}`) },
        h('input', { type: 'checkbox', id: `${id}-${option.value}`, value: option.value, checked: selected.includes(option.value), onchange: () => select(checkedIn(id)) }),
        h('span', {}, option.title), option.group ? h('span', { class: 'quiet' }, option.group) : null))),
      h('p', { class: 'quiet', id: `${id}-no-match`, hidden: true }, 'No matches.'),
      selected.length > 0 ? h('button', { type: 'button', id: `${id}-clear`, class: 'link', onclick: () => select([]) }, `Show ${noneText.toLowerCase()}`) : null));
}

const checkedIn = id => [...byId(`${id}-options`).querySelectorAll('input:checked')].map(input => input.value);

/** Removes case and accents. */
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

/** Replaces the lists, and restores the focus and an open list with its search and scroll position. */
function keepOpen(replace) {
  const open = document.querySelector('#filters details.picker[open]');
  const focused = byId('filters').contains(document.activeElement) ? document.activeElement.id : '';
  const saved = open && { id: open.id, search: open.querySelector('input[type=search]')?.value, top: open.querySelector('.options').scrollTop };
  replace();
  const reopened = saved && byId(saved.id);
  if (reopened) {
    reopened.open = true;
    if (saved.search) {
      reopened.querySelector('input[type=search]').value = saved.search;
      search(saved.id.replace('-picker', ''), saved.search);
    }
    reopened.querySelector('.options').scrollTop = saved.top;
  }
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
}
