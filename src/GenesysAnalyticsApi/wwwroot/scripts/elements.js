// Builds elements without innerHTML, so that a queue's name is always text.

/** h('td', { class: 'number' }, 'text', child, …). A property that starts with "on" is a listener; null and false are omitted. */
export const h = (name, properties = {}, ...children) => build(document.createElement(name), properties, children);

const svgNamespace = 'http://www.w3.org/2000/svg';

export const svg = (name, properties = {}, ...children) => build(document.createElementNS(svgNamespace, name), properties, children);

/** A bar of a share, 0–1, beside the figure that says the same. */
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
 * Replaces the children unless they would be equal. The focus stays on the element with the same id. Listeners must read what they need when
 * they run, because an equal element keeps its old ones.
 */
export function fill(parent, ...children) {
  const wanted = children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => (typeof child === 'string' ? document.createTextNode(child) : child));
  const existing = [...parent.childNodes];
  if (existing.length === wanted.length && existing.every((node, index) => node.isEqualNode(wanted[index]))) return;
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : '';
  parent.replaceChildren(...wanted);
  if (focused) byId(focused)?.focus({ preventScroll: true });
}

/**
 * Changes the children into those that are wanted, and nothing else: elements with the same data-key, or else in the same place, stay what they are. For
 * what changes every second, so that a selection, a position or a tooltip is not lost. Listeners of new elements are dropped where an old one stays.
 */
export function patch(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  patchChildren(parent, h('div', {}, ...children));
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function patchChildren(parent, wanted) {
  const keyed = new Map([...parent.children].filter(child => child.dataset.key).map(child => [child.dataset.key, child]));
  let at = parent.firstChild;
  for (const node of [...wanted.childNodes]) {
    const key = node.dataset?.key;
    const known = key ? keyed.get(key) : at && !at.dataset?.key && at.nodeName === node.nodeName ? at : null;
    if (known && known === at) at = at.nextSibling;
    else parent.insertBefore(known ?? node, at);
    if (known) patchNode(known, node);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function patchNode(known, wanted) {
  if (known.nodeType !== Node.ELEMENT_NODE) {
    if (known.data !== wanted.data) known.data = wanted.data;
    return;
  }
  for (const { name } of [...known.attributes]) if (!wanted.hasAttribute(name)) known.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (known.getAttribute(name) !== value) known.setAttribute(name, value);
  patchChildren(known, wanted);
}

export const byId = id => document.getElementById(id);
