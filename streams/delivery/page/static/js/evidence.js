// A sentence with the words marked that spoke for the cue.

import { el, pieces } from "./dom.js";

// A term may carry a note on how it was read, as in "strike (sport)".
const NOTE = / \([a-z ]+\)$/;

/** The sentence as nodes. `terms` are strings, or `{text, weight}` where weight thickens the mark. */
export function marked(sentence, terms) {
  const text = String(sentence);
  const nodes = [];
  let from = 0;
  for (const { start, end, weight } of ranges(text, terms)) {
    nodes.push(...pieces(text.slice(from, start)));
    nodes.push(el("mark", { class: weight >= 2 ? "strong" : null }, pieces(text.slice(start, end))));
    from = end;
  }
  nodes.push(...pieces(text.slice(from)));
  return el("bdi", { dir: "auto" }, nodes);
}

/** Where the terms are, without overlaps, in the order of the text. */
export function ranges(text, terms) {
  const found = [];
  for (const term of terms) {
    const { text: words, weight } = typeof term === "string" ? { text: term, weight: 1 } : term;
    if (!(weight > 0)) continue;
    for (const hit of text.matchAll(pattern(words))) {
      if (hit[0]) found.push({ start: hit.index, end: hit.index + hit[0].length, weight });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart = [];
  for (const range of found) {
    const last = apart.at(-1);
    if (last && range.start < last.end) {
      last.end = Math.max(last.end, range.end);
      last.weight = Math.max(last.weight, range.weight);
    } else {
      apart.push({ ...range });
    }
  }
  return apart;
}

function pattern(words) {
  const escaped = words.replace(NOTE, "").trim().split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  // The model reads words; between them the text may have a hyphen, a comma or a quotation mark.
  const gap = "[\\s\\p{P}]{1,4}";
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped.join(gap)}(?![\\p{L}\\p{N}])`, "giu");
}
