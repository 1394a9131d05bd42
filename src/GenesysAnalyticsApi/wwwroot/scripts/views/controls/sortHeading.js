// The heading of a table column: a button that sorts the table, and the explanation of the figure.
import { h } from '../../display/elements.js';
import { explanationButton } from './explanations.js';

/**
 * @param sort the field by which the table is sorted, with - before it for descending order
 * @param place the name of the table, for the ids of its buttons
 * @param change callback that receives the new sort order
 */
export function sortHeading(column, sort, place, change) {
  const descending = sort === `-${column.field}`;
  const ascending = sort === column.field;
  return h('th', { scope: 'col', class: column.unit ? 'number' : null, 'aria-sort': descending ? 'descending' : ascending ? 'ascending' : null },
    h('span', { class: 'column' },
      h('button', {
        type: 'button', class: 'sort', id: `sort-${place === 'table' ? '' : `${place}-`}${column.field}`,
        onclick: () => change(nextSort(column, ascending, descending)),
      }, column.title, h('span', { class: 'direction', 'aria-hidden': 'true' }, descending ? '\u00a0↓' : ascending ? '\u00a0↑' : '')),
      column.unit ? explanationButton(column.field, place) : null));
}

/** The first click sorts figures in descending and names in ascending order; another click reverses the order. */
const nextSort = (column, ascending, descending) => (descending || (!ascending && !column.unit) ? column.field : `-${column.field}`);
