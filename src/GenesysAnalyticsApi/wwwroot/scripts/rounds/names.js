// Loads the names of the queues and the definitions of the figures.
import { getAll } from '../requests/api.js';
import { loadExplanations } from '../views/controls/explanations.js';
import { showMasthead } from '../views/controls/masthead.js';

/** @param onFirst callback that is called when the page did not have the names before */
export async function loadNames(page, signal, onFirst) {
  await loadExplanations(signal);
  const isFirst = page.queues.length === 0;
  page.queues = await getAll('queues', signal);
  showMasthead(page);
  if (isFirst) onFirst();
}
