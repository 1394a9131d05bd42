// Asks for an API key if the service requires one. The key is only in session storage, and is sent only in X-Api-Key.
import { apiKey } from '../../requests/api.js';
import { byId, h } from '../../display/elements.js';

/** @param onKey callback that is called when the user has entered a key */
export function startKeyDialog(onKey) {
  const dialog = byId('key-dialog');
  byId('key-button').addEventListener('click', () => openKeyDialog());
  dialog.addEventListener('submit', event => {
    event.preventDefault();
    const key = byId('key').value.trim();
    if (key === '') return;
    apiKey.set(key);
    dialog.close();
    showKeyButton();
    onKey();
  });
  dialog.addEventListener('click', event => {
    if (event.target.id !== 'key-forget') return;
    apiKey.clear();
    // Reloading also removes the figures and names that the key gave access to.
    location.reload();
  });
  showKeyButton();
}

const showKeyButton = () => { byId('key-button').hidden = !apiKey.get() && !byId('key-button').dataset.wanted; };

/** @param problem why the service rejected the key, or null */
export function openKeyDialog(problem = null) {
  const dialog = byId('key-dialog');
  if (dialog.open) return;
  byId('key-button').dataset.wanted = 'yes';
  showKeyButton();
  dialog.replaceChildren(h('form', { method: 'dialog', autocomplete: 'off' },
    h('h2', { id: 'key-dialog-title' }, 'API key'),
    h('p', {}, 'You need an API key to see these figures. Ask your administrator for one.'),
    problem && apiKey.get() ? h('p', { class: 'worse', role: 'alert' }, `The key was not accepted: ${problem}`) : null,
    h('label', { for: 'key' }, 'Key'),
    h('input', { id: 'key', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'key-note' }),
    h('p', { id: 'key-note', class: 'quiet' }, 'The key stays in this tab and is deleted when you close the tab.'),
    h('div', { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary' }, 'Show the figures'),
      apiKey.get() ? h('button', { type: 'button', id: 'key-forget' }, 'Forget the key') : null)));
  dialog.showModal();
}
