// The heading of a table column that sorts the table, with the explanation of its figure.
import { h } from '../elements.js';
import { explanationButton } from './explanations.js';

/**
 * @param sort the field that the table is sorted by, with - before it for descending order
 * @param place the name of the table, for the ids of its buttons
 * @param change called with the new sort
 */
export function sortHeading(column, sort, place, change) {
  const descending = sort === `-${column.field}`;
  const ascending = sort === column.field;
  return h('th', { scope: 'col', class: column.unit ? 'number' : null, 'aria-sort': descending ? 'descending' : ascending ? 'ascending' : null },
    h('span', { class: 'column' },
      h('button', {
        type: 'button', class: 'sort', id: `sort-${place === 'table' ? '' : `${place}-`}${column.field}`,
        onclick: () => change(nextSort(column, ascending, descending)),
      }, column.title, h('span', { class: 'direction', 'aria-hidden': 'true' }, descending ? ' ↓' : ascending ? ' ↑' : '')),
      column.unit ? explanationButton(column.field, place) : null));
}

/** Figures are sorted from the largest first, names from the first letter; another click turns the order round. */
const nextSort = (column, ascending, descending) => (descending || (!ascending && !column.unit) ? column.field : `-${column.field}`);
