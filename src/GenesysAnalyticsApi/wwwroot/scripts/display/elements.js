// Builds elements without innerHTML, so that text from the API, such as a queue name, is never parsed as HTML.

/** h('td', { class: 'number' }, 'text', child, …). A property that starts with "on" adds a listener; properties and children that are null or false are omitted. */
export const h = (name, properties = {}, ...children) => build(document.createElement(name), properties, children);

const svgNamespace = 'http://www.w3.org/2000/svg';

export const svg = (name, properties = {}, ...children) => build(document.createElementNS(svgNamespace, name), properties, children);

/** A bar for a share from 0 to 1. It is hidden from screen readers, because the figure beside it says the same. */
export const bar = share => svg('svg', { class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
  svg('rect', { class: 'track', width: 100, height: 4 }), svg('rect', { class: 'share', width: (share * 100).toFixed(1), height: 4 }));

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Replaces the children unless the new ones are equal. The focus stays on the element with the same id, and an open menu stays open. An equal element keeps
 * its old listeners, so listeners must read the current state when they run.
 */
export function fill(parent, ...children) {
  const wanted = children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => (typeof child === 'string' ? document.createTextNode(child) : child));
  keepOpen(parent, wanted);
  const existing = [...parent.childNodes];
  if (existing.length === wanted.length && existing.every((node, index) => node.isEqualNode(wanted[index]))) return;
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : '';
  parent.replaceChildren(...wanted);
  if (focused) byId(focused)?.focus({ preventScroll: true });
}

/** Opens and closes menus and other details elements as the user has left those with the same ids. */
function keepOpen(parent, wanted) {
  for (const details of parent.querySelectorAll('details[id]')) {
    const selector = `#${CSS.escape(details.id)}`;
    const element = wanted.filter(node => node instanceof Element).map(node => (node.matches(selector) ? node : node.querySelector(selector))).find(Boolean);
    if (element) element.open = details.open;
  }
}

/**
 * Updates the children in place: elements with the same data-key, or at the same position, are kept and only their differences are applied. Use it for
 * content that changes every second, so that text selection, scroll positions and tooltips survive. A kept element does not get the listeners of the new one.
 */
export function patch(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  patchChildren(parent, h('div', {}, ...children));
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function patchChildren(parent, wanted) {
  const keyed = new Map([...parent.children].filter(child => child.dataset.key).map(child => [child.dataset.key, child]));
  let next = parent.firstChild;
  for (const node of [...wanted.childNodes]) {
    const key = node.dataset?.key;
    const existing = key ? keyed.get(key) : next && !next.dataset?.key && next.nodeName === node.nodeName ? next : null;
    if (existing && existing === next) next = next.nextSibling;
    else parent.insertBefore(existing ?? node, next);
    if (existing) patchNode(existing, node);
  }
  while (next) {
    const surplus = next;
    next = next.nextSibling;
    surplus.remove();
  }
}

function patchNode(existing, wanted) {
  if (existing.nodeType !== Node.ELEMENT_NODE) {
    if (existing.data !== wanted.data) existing.data = wanted.data;
    return;
  }
  for (const { name } of [...existing.attributes]) if (!wanted.hasAttribute(name)) existing.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (existing.getAttribute(name) !== value) existing.setAttribute(name, value);
  patchChildren(existing, wanted);
}

export const byId = id => document.getElementById(id);
