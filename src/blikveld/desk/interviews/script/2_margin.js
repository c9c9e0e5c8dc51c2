// --- Codes, passages and memos, and how they are seen ---

const codes = new Map(), passages = new Map(), memos = new Map();
const painted = page && "highlights" in CSS, paint = {};
const RANKS = { over: 20, hit: 30, hot: 40, sel: 50 };
if (painted) for (const name of [...Array(12).keys()].map((n) => `c${n}`).concat(Object.keys(RANKS))) {
  paint[name] = new Highlight();
  paint[name].priority = RANKS[name] ?? 1;
  CSS.highlights.set(name, paint[name]);
}
let ordered = [], hot = null, overlaps = new Map();

const keyOf = (row) => [row.start, row.end, row.given, row.by].join("\n");
const memosOf = (p) => [...memos.values()].filter((m) => m.kind === "segment" && m.about === page.text
  && m.start === p.start && m.end === p.end && (!m.code || m.code === p.code));

function put(row) {
  const key = keyOf(row), code = codes.get(row.code);
  let passage = passages.get(key);
  if (passage && painted) paint[passage.paint].delete(passage.range);
  if (!code) return drop(key);
  if (!passage) {
    passage = { item: build("li", {}, build("i", { class: "bracket" }), build("button", { type: "button", tabindex: "-1" })) };
    passage.item.onmouseenter = () => heat(passage);
    passage.item.onmouseleave = () => heat(null);
    passage.item.lastChild.onclick = () => take(passage);
    passages.set(key, passage);
  }
  Object.assign(passage, row, { range: rangeOf(row.start, row.end), paint: `c${code.colour}`, box: null });
  if (painted) paint[passage.paint].add(passage.range);
  passage.item.className = passage.paint + (row.by === page.who ? " own" : "");
  const notes = memosOf(passage).map((m) => m.words).join(" / ");
  const spoken = fill(say.coded_by, code.name, row.by) + ": " + wordsBetween(row.start, row.end).slice(0, 60);
  passage.item.lastChild.setAttribute("aria-label", notes ? `${spoken}. ${notes}` : spoken);
  passage.item.lastChild.title = notes;
  return passage;
}

function drop(key) {
  const passage = passages.get(key);
  if (!passage) return;
  if (painted) paint[passage.paint].delete(passage.range);
  if (hot === passage) heat(null);
  passage.item.remove();
  passages.delete(key);
}

function draw(anew = false) {
  ordered = [...passages.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  measure(anew);
  const wide = margin.clientWidth > 90, lanes = [], labelled = new Map(), labels = [];
  let free = -1;
  for (const passage of ordered) {
    const [top, bottom] = passage.box;
    let lane = 0;
    while (lane < (wide ? 4 : 3) && lanes[lane] > top) lane += 1;
    lanes[lane] = Math.max(lanes[lane] ?? 0, bottom - 1);
    // One label for a code here, with the names of its coders.
    const above = labelled.get(passage.code), joins = above && top < above.box[1];
    if (joins) above.coders.add(passage.by);
    else { passage.coders = new Set([passage.by]); labelled.set(passage.code, passage); labels.push(passage); }
    passage.item.lastChild.hidden = Boolean(joins);
    const at = joins ? top : Math.max(top, free);
    if (!joins) free = at + 25;
    place(passage, { top, height: bottom - top, lane, label: at });
  }
  for (const passage of labels) name(passage);
  paintOverlaps();
}

function measure(anew) {
  const top = sheet.getBoundingClientRect().top;
  for (const passage of ordered) if (!passage.box || anew) {
    const box = passage.range.getBoundingClientRect();
    passage.box = [Math.round(box.top - top), Math.round(box.bottom - top)];
  }
}

function place(passage, { top, height, lane, label }) {
  const now = [top, height, lane, label].join();
  if (passage.placed !== now) {
    const style = passage.item.style;
    style.setProperty("--top", `${top}px`);
    style.setProperty("--height", `${height}px`);
    style.setProperty("--lane", lane);
    style.setProperty("--label", `${label}px`);
    passage.placed = now;
  }
  if (!passage.item.isConnected) margin.append(passage.item);
}

function name(passage) {
  const coders = [...passage.coders].sort().join(", ");
  const words = codes.get(passage.code).name + (coders === page.who ? "" : ` · ${coders}`) + (memosOf(passage).length ? " ✎" : "");
  const button = passage.item.lastChild;
  if (button.textContent !== words) button.textContent = words;
}

// Where two passages or more lie on each other.
function paintOverlaps() {
  if (!painted) return;
  const edges = ordered.flatMap((p) => [[p.start, 1], [p.end, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const now = new Map();
  let depth = 0, from = 0;
  for (const [position, step] of edges) {
    if (depth === 1 && step === 1) from = position;
    if (depth === 2 && step === -1 && position > from) now.set(`${from}-${position}`, [from, position]);
    depth += step;
  }
  for (const [key, range] of overlaps) if (!now.has(key)) { paint.over.delete(range); overlaps.delete(key); }
  for (const [key, ends] of now) if (!overlaps.has(key)) {
    const range = rangeOf(...ends);
    overlaps.set(key, range);
    paint.over.add(range);
  }
}

function heat(passage) {
  if (hot) hot.item.classList.remove("hot");
  hot = passage;
  if (painted) { paint.hot.clear(); if (passage) paint.hot.add(passage.range); }
  if (passage) passage.item.classList.add("hot");
}

function take(passage) {
  select(passage.start, passage.end, { focus: false });
  heat(passage);
  const notes = memosOf(passage).map((m) => m.words).join(" / ");
  tell(`${codes.get(passage.code).name} · ${passage.by}${notes ? ` · ${notes}` : ""}`);
}
