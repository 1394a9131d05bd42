// What each figure means, from GET /catalog: a button beside its title, by hover, focus or click.
import { get } from '../api.js';
import { byId, h } from '../elements.js';
import { figures } from '../figures.js';

let meanings = new Map();
let isLoading = true;
/** Shows the open tooltip again. */
let refresh = () => {};

/** Definitions are read once; without them the page still shows its figures. */
export async function loadExplanations(signal) {
  if (meanings.size > 0) return;
  try {
    isLoading = true;
    const { body } = await get('catalog', signal);
    meanings = new Map(body.records.filter(entry => entry.kind === 'field').map(entry => [entry.name, entry]));
  } finally {
    isLoading = false;
    refresh();
  }
}

export const titleOf = field => figures.find(figure => figure.field === field)?.title ?? meanings.get(field)?.title ?? field;

/** The button that explains a figure. Its text is read by screen readers; the tooltip has the definition. */
export const explanationButton = (field, place) => h('button', {
  type: 'button', class: 'about', id: `about-${place}-${field}`, 'data-field': field, 'aria-describedby': 'explanation',
  'aria-label': `What ${titleOf(field)} means`,
}, '?');

/** The page shows units with each figure, rates in percent, and a dash where the API has null. */
const forPeople = definition => definition.replaceAll(' in ms', '').replaceAll(', 0–1', '').replace(/\bnull\b/g, '“–”').replace(/ \/ /g, ' ÷ ');

/** One tooltip for the page. Escape closes it. */
export function startExplanations() {
  const tooltip = byId('explanation');
  let shown = null;
  const show = button => {
    shown = button;
    const entry = meanings.get(button.dataset.field);
    tooltip.replaceChildren(
      h('strong', {}, titleOf(button.dataset.field)),
      h('p', {}, entry ? forPeople(entry.definition) : isLoading ? 'The definition is being loaded.' : 'The definition could not be loaded. It is at /catalog.'),
      entry?.genesysMetric ? h('p', { class: 'quiet' }, `Genesys Cloud: ${entry.genesysMetric}${entry.genesysStatistic ? `, ${entry.genesysStatistic}` : ''}`) : '');
    tooltip.hidden = false;
    const at = button.getBoundingClientRect();
    const width = tooltip.offsetWidth;
    tooltip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8)) + window.scrollX}px`;
    tooltip.style.top = `${at.bottom + 6 + window.scrollY}px`;
  };
  const hide = () => { tooltip.hidden = true; };
  refresh = () => { if (shown && !tooltip.hidden) show(shown); };
  const about = event => (event.target instanceof Element ? event.target.closest('.about') : null);
  document.addEventListener('pointerover', event => { if (about(event)) show(about(event)); else if (!tooltip.contains(event.target) && !document.activeElement?.matches('.about')) hide(); });
  document.addEventListener('focusin', event => { if (about(event)) show(about(event)); else hide(); });
  document.addEventListener('focusout', hide);
  document.addEventListener('click', event => { if (about(event)) { event.preventDefault(); show(about(event)); } });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') hide(); });
}
