// The export menu of a view: its query as CSV, Excel or JSON, and as a curl command.
import { apiKey, request, urlOf } from '../../requests/api.js';
import { byId, h } from '../../display/elements.js';
import { Cancelled, readFile } from '../../requests/jobs.js';
import { jobProgress } from './jobProgress.js';

const formats = [
  { format: 'csv', title: 'CSV', parameters: { bom: true } },
  { format: 'xlsx', title: 'Excel', parameters: {} },
  { format: 'json', title: 'JSON', parameters: {} },
];

/**
 * @param name the name of the view in the label of the menu
 * @param parts the queries of the view, with titles if there are several. A part can have a path other than aggregates, and offer only some formats.
 */
export function exportMenu(id, name, parts) {
  return h('details', { class: 'menu export', id: `export-${id}` },
    h('summary', { 'aria-label': `Export ${name}`, id: `export-${id}-summary` }, 'Export'),
    h('div', { class: 'panel' }, parts.map((part, index) => [
      parts.length > 1 ? h('p', { class: 'quiet' }, part.title) : null,
      formats.filter(({ format }) => part.formats?.includes(format) ?? true).map(({ format, title, parameters }) => h('a', {
        id: `export-${id}-${index}-${format}`, href: urlOf(part.path ?? 'aggregates', { ...part.query, ...parameters, format }), download: parts.length > 1 ? `${id}-${index + 1}.${format}` : `${id}.${format}`,
        onclick: event => save(event, part, { ...parameters, format }),
      }, title)),
      h('button', { type: 'button', class: 'link', id: `export-${id}-${index}-curl`, 'data-url': urlOf(part.path ?? 'aggregates', part.query), onclick: copyCurl }, 'Copy as curl'),
    ])));
}

/** Downloads the file with a request, because a plain link cannot send the API key, and the browser would use the same file name for all exports. */
async function save(event, { query, path }, file) {
  event.preventDefault();
  const link = event.currentTarget;
  const progress = jobProgress(link.id, 'The file is saved when all parts have been read.');
  const show = (job, cancel) => {
    if (!progress.element.isConnected) link.after(progress.element);
    progress.show(job, cancel);
  };
  const blob = await (path ? readStream(urlOf(path, { ...query, ...file }), link) : readFile(query, file, new AbortController().signal, show)).catch(failure => failure);
  progress.element.remove();
  if (blob instanceof Cancelled) return;
  link.closest('details').open = false;
  if (blob instanceof Error) {
    window.alert(`The file could not be loaded: ${blob.message}`);
    return;
  }
  const address = URL.createObjectURL(blob);
  h('a', { href: address, download: link.download }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Downloads a streamed response. Its size is unknown, so there is no progress bar. */
async function readStream(url, link) {
  const note = h('p', { class: 'quiet', role: 'status' }, 'Loading the file…');
  link.after(note);
  try {
    return await (await request(url)).blob();
  } finally {
    note.remove();
  }
}

/** Copies the curl command, with a variable instead of the API key. */
async function copyCurl(event) {
  const button = event.currentTarget;
  const url = new URL(button.dataset.url, document.baseURI);
  const command = `curl ${apiKey.get() ? '-H "X-Api-Key: $API_KEY" ' : ''}'${url.href.replaceAll("'", '%27')}'`;
  let label = 'Copied';
  try {
    await navigator.clipboard.writeText(command);
  } catch {
    // Browsers block the clipboard without HTTPS, so the page shows the command instead.
    window.prompt('The browser blocked copying. Copy this command:', command);
    label = 'Copy as curl';
  }
  button.textContent = label;
  setTimeout(() => { const current = byId(button.id); if (current) current.textContent = 'Copy as curl'; }, 2000);
}

/** Closes open menus on Escape and on a click elsewhere. */
export function startMenus() {
  const close = except => document.querySelectorAll('details.menu[open]').forEach(menu => { if (menu !== except) menu.open = false; });
  document.addEventListener('click', event => close(event.target instanceof Element ? event.target.closest('details.menu') : null));
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const open = event.target instanceof Element ? event.target.closest('details.menu[open]') : null;
    close(null);
    open?.querySelector('summary').focus();
  });
}
