// The coding page. The sentences are never touched after loading, so the text cannot move: codings are
// painted over them as CSS highlights and drawn in the margin. Positions are code points, as the log
// has them; the DOM counts UTF-16 units, and one place below goes from one to the other.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const dataElement = one("#coding-data");
const page = dataElement ? JSON.parse(dataElement.textContent) : null;
const say = page ? page.words : {};
const pane = one("#pane"), sheet = one("#sheet"), text = one("#text"), margin = one("#margin"), inner = one("#inner");
const sentences = page ? all(".s", text) : [];
const cuts = page ? page.cuts : [];

function build(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

let quiet = 0;
function tell(words, wrong = false) {
  const line = one("#told");
  line.textContent = words;
  line.className = wrong ? "on wrong" : "on";
  clearTimeout(quiet);
  quiet = setTimeout(() => { line.className = ""; }, wrong ? 10000 : 3000);
}
const fill = (words, ...values) => values.reduce((line, value) => line.replace("{}", value), words);

// --- Positions ---

const ASTRAL = /[\ud800-\udbff]/;
function unitsOf(string, points) {
  if (!ASTRAL.test(string)) return points;
  let units = 0;
  for (const sign of string) {
    if (points-- <= 0) break;
    units += sign.length;
  }
  return units;
}
const pointsOf = (string, units) => ASTRAL.test(string) ? [...string.slice(0, units)].length : units;

// The sentence in which a position lies; as an end, the one that ends at or after it.
function sentenceAt(position, isEnd = false) {
  let low = 0, high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1, end = cuts[middle][1];
    if (isEnd ? end >= position : end > position) high = middle; else low = middle + 1;
  }
  return low;
}

function rangeOf(start, end) {
  const first = sentenceAt(start), last = sentenceAt(end, true);
  const range = document.createRange();
  const place = (index, position) => {
    const node = sentences[index].firstChild, [from, to] = cuts[index];
    return [node, unitsOf(node.data, Math.min(Math.max(position, from), to) - from)];
  };
  range.setStart(...place(first, start));
  range.setEnd(...place(last, end));
  return range;
}

// Start and end of each word of a sentence.
function wordsOf(index) {
  const string = sentences[index].firstChild.data, from = cuts[index][0];
  return [...string.matchAll(/\S+/g)].map((found) => {
    const start = from + pointsOf(string, found.index);
    return [start, start + [...found[0]].length];
  });
}

// A place of the browser's own selection, moved outwards to the edge of a word.
function positionOf(node, offset, isEnd) {
  const holder = node.nodeType === Node.TEXT_NODE ? node.parentElement.closest(".s") : null;
  if (!holder) {
    const here = document.createRange();
    here.setStart(node, offset);
    let next = sentences.findIndex((s) => here.comparePoint(s.firstChild, 0) >= 0);
    if (next < 0) next = sentences.length;
    return isEnd ? cuts[Math.max(0, next - 1)][1] : cuts[Math.min(next, cuts.length - 1)][0];
  }
  const index = Number(holder.id.slice(1)), words = wordsOf(index);
  const at = cuts[index][0] + pointsOf(node.data, offset);
  if (!isEnd) return (words.find(([, end]) => end > at) ?? [cuts[index][1]])[0];
  const inside = words.find(([start, end]) => start < at && at <= end);
  const before = words.filter(([, end]) => end <= at).pop();
  return (inside ?? before ?? [0, cuts[index][0]])[1];
}

const wordsBetween = (start, end) => rangeOf(start, end).toString();
