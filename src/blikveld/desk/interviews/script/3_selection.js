// --- Choosing words, and going through the text ---

let selected = null, current = 0, marked = [];
const visited = JSON.parse(sessionStorage.getItem("coding-visited") ?? "[]");

function select(start, end, { reveal = true, atEnd = false, focus = true, native = true } = {}) {
  if (end <= start) return;
  selected = [start, end];
  current = sentenceAt(start);
  const last = sentenceAt(end, true), range = rangeOf(start, end);
  if (painted) { paint.sel.clear(); paint.sel.add(range); }
  if (native && focus) { const own = getSelection(); own.removeAllRanges(); own.addRange(range.cloneRange()); }
  const now = [];
  for (let index = current; index <= last; index += 1) now.push(index);
  for (const index of marked) if (!now.includes(index)) sentences[index].setAttribute("aria-selected", "false");
  for (const index of now) if (!marked.includes(index)) sentences[index].setAttribute("aria-selected", "true");
  marked = now;
  text.setAttribute("aria-activedescendant", sentences[current].id);
  if (reveal) show(range, atEnd);
  showBar();
}

function unselect() {
  selected = null;
  for (const index of marked) sentences[index].setAttribute("aria-selected", "false");
  marked = [];
  heat(null);
  if (painted) paint.sel.clear();
  getSelection().removeAllRanges();
  showBar();
}

// Scrolls only where words are out of sight, and no further than is needed to read on.
function show(range, atEnd = false) {
  const view = pane.getBoundingClientRect(), box = range.getBoundingClientRect(), low = view.bottom - 76;
  if (box.top < view.top + 28) pane.scrollTop -= view.top + 28 - box.top + (box.height < 200 ? view.height / 5 : 0);
  else if (box.bottom > low && (atEnd || box.height < view.height)) {
    pane.scrollTop += Math.min(box.bottom - low + view.height / 5, box.top - view.top - 28);
  }
}

function center(start, end) {
  const box = rangeOf(start, end).getBoundingClientRect(), view = pane.getBoundingClientRect();
  pane.scrollTop += box.top - view.top - view.height / 3;
}

function firstVisible() {
  const top = pane.getBoundingClientRect().top + 30;
  let low = 0, high = sentences.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sentences[middle].getBoundingClientRect().bottom < top) low = middle + 1; else high = middle;
  }
  return low;
}

const here = () => selected ? ordered.filter((p) => p.start < selected[1] && selected[0] < p.end) : [];

function stepSentence(by, grow) {
  if (!selected) return select(...cuts[firstVisible()], { atEnd: true });
  const first = sentenceAt(selected[0]), last = sentenceAt(selected[1], true), end = cuts.length - 1;
  if (!grow) {
    const partly = by < 0 && selected[0] > cuts[first][0];
    const to = by > 0 ? (selected[1] > cuts[first][1] ? last : first) + 1 : partly ? first : first - 1;
    return select(...cuts[Math.min(Math.max(to, 0), end)], { atEnd: true });
  }
  if (by > 0) return select(selected[0], cuts[selected[1] < cuts[last][1] ? last : Math.min(last + 1, end)][1], { atEnd: true });
  return last > first ? select(selected[0], cuts[last - 1][1], { atEnd: true }) : first ? select(cuts[first - 1][0], selected[1]) : null;
}

function stepWord(by, moveStart) {
  if (!selected) return stepSentence(1);
  const index = sentenceAt(selected[moveStart ? 0 : 1], !moveStart);
  const near = [index - 1, index, index + 1].filter((n) => n >= 0 && n < cuts.length).flatMap(wordsOf);
  const edges = near.map((word) => word[moveStart ? 0 : 1]);
  const to = by > 0 ? edges.find((e) => e > selected[moveStart ? 0 : 1]) : edges.filter((e) => e < selected[moveStart ? 0 : 1]).pop();
  if (to === undefined) return null;
  select(...(moveStart ? [to, selected[1]] : [selected[0], to]));
  if (selected) one("#told").textContent = wordsBetween(...selected);
  return null;
}

function stepTurn(by) {
  const turn = sentences[selected ? current : firstVisible()].closest(".turn");
  const next = by > 0 ? turn.nextElementSibling : turn.previousElementSibling, first = next && one(".s", next);
  if (first) select(...cuts[Number(first.id.slice(1))], { atEnd: true });
}

function nextPassage(by) {
  const from = selected ? selected[0] : cuts[firstVisible()][0];
  const found = by > 0 ? ordered.find((p) => p.start > from) : ordered.filter((p) => p.start < from).pop();
  if (found) { take(found); show(found.range); }
}

function cycle() {
  const inside = here();
  if (!inside.length) return;
  heat(inside[(inside.indexOf(hot) + 1) % inside.length]);
  tell(`${codes.get(hot.code).name} · ${hot.by}`);
}

// --- Away and back to the same place ---

function remember() {
  visited.push({ address: location.pathname + location.search, top: pane.scrollTop, selected });
  sessionStorage.setItem("coding-visited", JSON.stringify(visited.slice(-30)));
  one("#back").hidden = false;
}

function goTo(start, end) {
  remember();
  select(start, end, { reveal: false });
  heat(ordered.find((p) => p.start === start && p.end === end) ?? null);
  center(start, end);
}

function back() {
  const to = visited.pop();
  if (!to) return;
  sessionStorage.setItem("coding-visited", JSON.stringify(visited));
  one("#back").hidden = !visited.length;
  if (to.address.split("?")[0] !== location.pathname) {
    sessionStorage.setItem("coding-return", JSON.stringify(to));
    location.href = to.address;
    return;
  }
  land(to);
}

function land(to) {
  if (to.selected) select(...to.selected, { reveal: false });
  pane.scrollTop = to.top;
  text.focus({ preventScroll: true });
}
