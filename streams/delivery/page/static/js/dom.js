// Elements made from text and never from markup.

const SVG = "http://www.w3.org/2000/svg";

// Controls, and the characters that change the direction of what follows them. Shown, not obeyed.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const BLANK = /[\t\n\r]+/g;

/** Make an element: attributes, `on*` listeners and `class` by name, then children. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children.flat());
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

// Whatever text it is, its control characters are shown: there is no way around it.
function filled(element, attributes, children) {
  put(element, attributes);
  for (const child of children) {
    if (child === null || child === undefined) continue;
    if (typeof child === "string") element.append(...pieces(child));
    else element.append(child);
  }
  return element;
}

function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Put other children into an element; the focus stays on what has the same `data-key`. */
export function refill(parent, ...children) {
  const key = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key === undefined) return;
  const again = [...parent.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
  again?.focus({ preventScroll: true });
}

/** Text from the wire, kept apart from the direction of what surrounds it. */
export function wire(text, attributes = {}) {
  return el("bdi", { dir: "auto", ...attributes }, pieces(text));
}

/** Text from the wire as nodes, each control character as a mark that names it. */
export function pieces(text) {
  const clean = String(text ?? "").replace(BLANK, " ");
  if (clean.search(CONTROL) < 0) return [document.createTextNode(clean)];
  const nodes = [];
  let from = 0;
  for (const found of clean.matchAll(CONTROL)) {
    if (found.index > from) nodes.push(document.createTextNode(clean.slice(from, found.index)));
    const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    nodes.push(el("span", { class: "control", title: `Control character U+${code}` }, `U+${code}`));
    from = found.index + found[0].length;
  }
  if (from < clean.length) nodes.push(document.createTextNode(clean.slice(from)));
  return nodes;
}

/** The same as one string, for places that take no elements. */
export function plain(text) {
  return String(text ?? "").replace(BLANK, " ").replace(CONTROL, "");
}

/** A URL that may be followed, or null. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** A link out of the page: the other side learns nothing and reaches nothing. */
export function link(text, ...children) {
  const url = safeUrl(text);
  if (!url) return null;
  return el("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, ...children);
}

export const byId = (id) => document.getElementById(id);
