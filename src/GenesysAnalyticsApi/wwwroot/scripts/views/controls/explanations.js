// Shows the definition of a figure from GET /catalog in a tooltip, on hover, focus or click of the button beside its title.
import { get } from '../../requests/api.js';
import { byId, h } from '../../display/elements.js';
import { figures } from '../../state/figures.js';

let definitions = new Map();
let isLoading = true;
/** Renders the open tooltip again. */
let refresh = () => {};

/** Loads the definitions once. The page also works without them. */
export async function loadExplanations(signal) {
  if (definitions.size > 0) return;
  try {
    isLoading = true;
    const { body } = await get('catalog', signal);
    definitions = new Map(body.records.filter(entry => entry.kind === 'field').map(entry => [entry.name, entry]));
  } finally {
    isLoading = false;
    refresh();
  }
}

export const titleOf = field => figures.find(figure => figure.field === field)?.title ?? definitions.get(field)?.title ?? field;

/** The button that explains a figure. Screen readers read its label, and the tooltip as its description. */
export const explanationButton = (field, place) => h('button', {
  type: 'button', class: 'about', id: `about-${place}-${field}`, 'data-field': field, 'aria-describedby': 'explanation',
  'aria-label': `What ${titleOf(field)} means`,
}, '?');

/** Adapts a definition to the page, which shows units with each figure, rates in percent, and a dash for null. */
const readable = definition => definition.replaceAll(' in ms', '').replaceAll(', 0–1', '').replace(/\bnull\b/g, '“–”').replace(/ \/ /g, ' ÷ ');

/** Starts the tooltip, which all buttons share. Escape closes it. */
export function startExplanations() {
  const tooltip = byId('explanation');
  let shown = null;
  const show = button => {
    shown = button;
    const entry = definitions.get(button.dataset.field);
    tooltip.replaceChildren(
      h('strong', {}, titleOf(button.dataset.field)),
      h('p', {}, entry ? readable(entry.definition) : isLoading ? 'Loading the definition…' : 'The definition could not be loaded. See /catalog.'),
      entry?.genesysMetric ? h('p', { class: 'quiet' }, `Genesys Cloud: ${entry.genesysMetric}${entry.genesysStatistic ? `, ${entry.genesysStatistic}` : ''}`) : '');
    tooltip.hidden = false;
    const at = button.getBoundingClientRect();
    const width = tooltip.offsetWidth;
    tooltip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8)) + window.scrollX}px`;
    tooltip.style.top = `${at.bottom + 6 + window.scrollY}px`;
  };
  const hide = () => { tooltip.hidden = true; };
  refresh = () => { if (shown && !tooltip.hidden) show(shown); };
  const buttonOf = event => (event.target instanceof Element ? event.target.closest('.about') : null);
  document.addEventListener('pointerover', event => { if (buttonOf(event)) show(buttonOf(event)); else if (!tooltip.contains(event.target) && !document.activeElement?.matches('.about')) hide(); });
  document.addEventListener('focusin', event => { if (buttonOf(event)) show(buttonOf(event)); else hide(); });
  document.addEventListener('focusout', hide);
  document.addEventListener('click', event => { if (buttonOf(event)) { event.preventDefault(); show(buttonOf(event)); } });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') hide(); });
}
