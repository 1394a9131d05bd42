// "CSV", "Excel", "JSON" and "copy as curl" of the query that a view shows.
import { apiKey, request, urlOf } from '../api.js';
import { byId, h } from '../elements.js';
import { Cancelled, readFile } from '../jobs.js';
import { jobProgress } from './jobProgress.js';

const formats = [
  { format: 'csv', title: 'CSV', more: { bom: true } },
  { format: 'xlsx', title: 'Excel', more: {} },
  { format: 'json', title: 'JSON', more: {} },
];

/** @param parts queries with a title each; several if the view was read in parts. A part can have another path than aggregates, and only some of the formats. */
export function exportMenu(id, what, parts) {
  return h('details', { class: 'menu export', id: `export-${id}` },
    h('summary', { 'aria-label': `Export ${what}`, id: `export-${id}-summary` }, 'Export'),
    h('div', { class: 'panel' }, parts.map((part, index) => [
      parts.length > 1 ? h('p', { class: 'quiet' }, part.title) : null,
      formats.filter(({ format }) => part.formats?.includes(format) ?? true).map(({ format, title, more }) => h('a', {
        id: `export-${id}-${index}-${format}`, href: urlOf(part.path ?? 'aggregates', { ...part.query, ...more, format }), download: parts.length > 1 ? `${id}-${index + 1}.${format}` : `${id}.${format}`,
        onclick: event => save(event, part, { ...more, format }),
      }, title)),
      h('button', { type: 'button', class: 'link', id: `export-${id}-${index}-curl`, 'data-url': urlOf(part.path ?? 'aggregates', part.query), onclick: copyCurl }, 'Copy as curl'),
    ])));
}

/** A link could not send a key, and the file would have the name that the service gives to all its responses. */
async function save(event, { query, path }, file) {
  event.preventDefault();
  const link = event.currentTarget;
  const progress = jobProgress(link.id, 'The file is saved when all parts are read.');
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

/** A response that is sent while it is read: how much there is to come is not known. */
async function readStream(url, link) {
  const note = h('p', { class: 'quiet', role: 'status' }, 'The file is being loaded…');
  link.after(note);
  try {
    return await (await request(url)).blob();
  } finally {
    note.remove();
  }
}

/** The key itself is never copied. */
async function copyCurl(event) {
  const button = event.currentTarget;
  const url = new URL(button.dataset.url, document.baseURI);
  const command = `curl ${apiKey.get() ? '-H "X-Api-Key: $API_KEY" ' : ''}'${url.href.replaceAll("'", '%27')}'`;
  let told = 'Copied';
  try {
    await navigator.clipboard.writeText(command);
  } catch {
    // Without HTTPS a browser refuses the clipboard: the command is shown instead.
    window.prompt('The browser blocked copying. Copy this command:', command);
    told = 'Copy as curl';
  }
  button.textContent = told;
  setTimeout(() => { const now = byId(button.id); if (now) now.textContent = 'Copy as curl'; }, 2000);
}

/** Open menus close on Escape and on a click elsewhere. */
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
