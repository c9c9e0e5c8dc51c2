// --- Keys, mouse and the start ---

const KEYS = {
  ArrowDown: (e) => stepSentence(1, e.shiftKey), ArrowUp: (e) => stepSentence(-1, e.shiftKey),
  ArrowRight: (e) => stepWord(leftward() ? -1 : 1, e.shiftKey), ArrowLeft: (e) => stepWord(leftward() ? 1 : -1, e.shiftKey),
  PageDown: () => stepTurn(1), PageUp: () => stepTurn(-1),
  Home: () => select(...cuts[0]), End: () => select(...cuts.at(-1)),
  Enter: giveLast, q: giveLast, c: openBox, m: writeMemo, x: remove, Delete: remove, w: resize, z: undo,
  n: () => nextPassage(1), p: () => nextPassage(-1), o: cycle, e: () => hot && select(hot.start, hot.end), b: back,
  f: () => open("tab=search"), r: () => openPassages(), v: () => openSelection(),
  "?": () => one("#help").showModal(), "\\": toggle, Escape: unselect,
};
// A sentence of a script that runs to the left: Hebrew, Arabic and their neighbours.
const leftward = () => /^\P{L}*[\u0590-\u08ff\ufb1d-\ufefc]/u.test(sentences[current].firstChild.data);
const openPassages = () => { const key = hot?.code ?? recent[0]; return key && open(`tab=passages&code=${key}`); };
const openSelection = () => selected && open(`tab=selection&sel=${selected[0]}-${selected[1]}`);

function onKey(event) {
  if (event.altKey || event.metaKey) return;
  if (event.ctrlKey) { if (event.key === "z") { event.preventDefault(); undo(); } return; }
  const digit = /^[1-9]$/.test(event.key) ? lastCodes()[event.key - 1] : null;
  const action = KEYS[event.key] ?? (digit ? () => give(digit.key) : null);
  if (action) { event.preventDefault(); action(event); }
}

function onFindKey(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) pick(moves[event.key]);
  else if (event.key === "Enter") choose(choice, event);
  else if (event.key === "Escape" || event.key === "Tab") shut();
  else if (!find.value && /^[1-9]$/.test(event.key) && lastCodes()[event.key - 1]) choose(event.key - 1, event);
  else return;
  event.preventDefault();
}

// The labels in the margin are one stop for Tab; arrows go through them.
function onMarginKey(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], labels = all("button", margin).filter((b) => !b.hidden);
  const next = by && labels[labels.indexOf(document.activeElement) + by];
  if (!next) return;
  event.preventDefault();
  document.activeElement.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

let pressed = null;
function onPointerUp(event) {
  if (!pressed) return;
  const far = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4;
  const sentence = event.target.closest?.(".s");
  pressed = null;
  // The browser has its own selection ready only after this event.
  setTimeout(() => {
    const own = getSelection();
    if (own.rangeCount && !own.isCollapsed && (far || event.detail > 1)) {
      const range = own.getRangeAt(0);
      const start = positionOf(range.startContainer, range.startOffset, false), end = positionOf(range.endContainer, range.endOffset, true);
      select(start, end, { reveal: false, native: false });
    } else if (sentence) {
      const [start, end] = cuts[Number(sentence.id.slice(1))];
      const grow = event.shiftKey && selected;
      select(grow ? Math.min(selected[0], start) : start, grow ? Math.max(selected[1], end) : end, { reveal: false, native: false });
    }
    text.focus({ preventScroll: true });
    own.removeAllRanges();
    if (selected) own.addRange(rangeOf(...selected));
  });
}

function onClick(event) {
  const target = event.target.closest("[data-panel],[data-go],[data-give],[data-do]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { panel, go, give: key, do: what } = target.dataset;
  if (panel !== undefined) { event.preventDefault(); open(target.getAttribute("href").split("#")[0].replace(/^[^?]*\??/, "")); }
  else if (go) {
    const [name, start, end] = go.split(":");
    if (name === page.text) { event.preventDefault(); goTo(Number(start), Number(end)); text.focus({ preventScroll: true }); }
    else remember();
  } else if (key) { event.preventDefault(); give(key); text.focus({ preventScroll: true }); }
  else ({ box: openBox, memo: writeMemo, more: openSelection, close: shut })[what]?.();
}

function onSubmit(event) {
  const form = event.target;
  if (form.dataset.filter !== undefined) { event.preventDefault(); open(new URLSearchParams(new FormData(form))); }
  else if (form.dataset.send !== undefined) { event.preventDefault(); submitForm(form, event.submitter); }
  else if (form.id === "undo") { event.preventDefault(); undo(); text.focus({ preventScroll: true }); }
}

function prepareText() {
  Object.entries({ role: "listbox", "aria-multiselectable": "true", "aria-label": say.text_label, tabindex: "0" })
    .forEach(([name, value]) => text.setAttribute(name, value));
  for (const turn of all(".turn", text)) {
    turn.setAttribute("role", "group");
    turn.setAttribute("aria-label", turn.dataset.name);
    one("p", turn).setAttribute("role", "presentation");
  }
  for (const sentence of sentences) {
    sentence.removeAttribute("href");
    sentence.setAttribute("role", "option");
    sentence.setAttribute("aria-selected", "false");
  }
}

function listen() {
  text.addEventListener("keydown", onKey);
  margin.addEventListener("keydown", onMarginKey);
  find.addEventListener("keydown", onFindKey);
  find.addEventListener("input", list);
  found.addEventListener("click", (event) => { const item = event.target.closest("li"); if (item) choose([...found.children].indexOf(item), event); });
  text.addEventListener("pointerdown", (event) => { pressed = [event.clientX, event.clientY]; });
  addEventListener("pointerup", onPointerUp);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  inner.addEventListener("change", (event) => { const form = event.target.closest("[data-filter]"); if (form && event.target.type !== "search") form.requestSubmit(); });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (!box.hidden || !note.hidden)) shut();
    if (event.key === "Enter" && event.ctrlKey && event.target.closest("#note")) one("form", note).requestSubmit();
  });
  addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
  one("#other").addEventListener("change", (event) => { remember(); location.href = event.target.value; });
  one("#side").onclick = toggle;
  one("#back").onclick = back;
  one("#keys").onclick = () => one("#help").showModal();
  let width = 0;
  new ResizeObserver(([entry]) => { if (entry.contentRect.width !== width) { width = entry.contentRect.width; draw(true); } }).observe(text);
  setInterval(poll, 8000);
}

function start() {
  if (innerWidth < 768) fold(true);
  prepareText();
  listen();
  for (const code of page.codes) codes.set(code.key, code);
  for (const memo of page.memos) memos.set(memo.key, memo);
  for (const row of page.passages) put(row);
  draw(true);
  const label = one("button", margin);
  if (label) label.tabIndex = 0;
  for (const name of ["#side", "#keys"]) one(name).hidden = false;
  one("#back").hidden = !visited.length;
  const returned = JSON.parse(sessionStorage.getItem("coding-return") ?? "null");
  sessionStorage.removeItem("coding-return");
  if (returned) land(returned);
  else if (page.selected) {
    select(...page.selected, { reveal: false });
    heat(ordered.find((p) => p.start === selected[0] && p.end === selected[1]) ?? null);
    center(...page.selected);
  }
  text.focus({ preventScroll: true });
  keep();
}
if (page && sentences.length) start();
