// --- The bar, the box that finds or makes a code, the memo, and the panel ---

const box = one("#box"), find = one("#find"), found = one("#found"), note = one("#note");
let choices = [], choice = 0, shownBar = "";
const swatch = (code) => build("i", { class: `swatch c${code.colour}` });
const lastCodes = () => recent.map((key) => codes.get(key)).filter(Boolean);
const above = (code) => codes.get(code.parent)?.name;

function showBar() {
  const bar = one("#bar"), last = lastCodes().slice(0, 4), now = `${Boolean(selected)} ${last.map((c) => c.key + c.name)}`;
  bar.hidden = !selected;
  if (!selected || now === shownBar) return;
  shownBar = now;
  const button = (words, key, data) => build("button", { type: "button", ...data }, words, " ", build("kbd", {}, key));
  bar.replaceChildren(
    ...last.map((code, index) => {
      const made = button(code.name, index ? String(index + 1) : "⏎", { "data-give": code.key });
      made.prepend(swatch(code));
      return made;
    }),
    button(say.other_code, "c", { "data-do": "box" }), button(say.memo, "m", { "data-do": "memo" }), button(say.more, "v", { "data-do": "more" }),
  );
}

// Beside the words and never over them.
function float(element) {
  element.hidden = false;
  const words = rangeOf(...selected).getBoundingClientRect(), below = innerHeight - words.bottom;
  const up = below < 260 && words.top > below, room = (up ? words.top : below) - 130, style = element.style;
  found.style.setProperty("max-height", `${Math.max(110, Math.min(300, room))}px`);
  style.setProperty("left", `${Math.max(8, Math.min(words.left, innerWidth - element.offsetWidth - 8))}px`);
  style.setProperty("top", up ? "auto" : `${Math.min(words.bottom + 8, innerHeight - 190)}px`);
  style.setProperty("bottom", up ? `${Math.min(innerHeight - words.top + 8, innerHeight - 190)}px` : "auto");
}

function shut() {
  box.hidden = note.hidden = true;
  text.focus({ preventScroll: true });
}

function openBox() {
  if (!selected) return tell(say.choose_first, true);
  find.value = "";
  list();
  float(box);
  return find.focus({ preventScroll: true });
}

function rank(code, typed) {
  const words = code.name.toLocaleLowerCase();
  if (words.startsWith(typed)) return 0;
  if (words.split(/\s+/).some((word) => word.startsWith(typed))) return 1;
  if (words.includes(typed)) return 2;
  return `${above(code) ?? ""} ${words}`.toLocaleLowerCase().includes(typed) ? 3 : 9;
}

function list() {
  const name = find.value.trim(), typed = name.toLocaleLowerCase(), byName = (a, b) => a.name.localeCompare(b.name);
  const known = [...codes.values()].sort(byName), last = lastCodes();
  choices = typed
    ? known.filter((c) => rank(c, typed) < 9).sort((a, b) => rank(a, typed) - rank(b, typed))
    : [...last, ...known.filter((c) => !last.includes(c))];
  choices = choices.slice(0, 40);
  if (typed && !known.some((c) => c.name.toLocaleLowerCase() === typed)) choices.push({ key: "", name });
  choice = 0;
  found.replaceChildren(...choices.map((code, index) => {
    const item = build("li", { role: "option", id: `choice${index}`, "aria-selected": String(!index) });
    if (!code.key) item.append(fill(say.new_code, code.name));
    else item.append(swatch(code), ...(above(code) ? [build("small", {}, `${above(code)} › `)] : []), code.name);
    if (!typed && index < last.length && index < 9) item.append(build("kbd", {}, String(index + 1)));
    return item;
  }));
  find.setAttribute("aria-activedescendant", choices.length ? "choice0" : "");
}

function pick(by) {
  if (!choices.length) return;
  found.children[choice].setAttribute("aria-selected", "false");
  choice = (choice + by + choices.length) % choices.length;
  found.children[choice].setAttribute("aria-selected", "true");
  found.children[choice].scrollIntoView({ block: "nearest" });
  find.setAttribute("aria-activedescendant", `choice${choice}`);
}

function choose(index, event) {
  const code = choices[index];
  if (!code) return;
  const passage = code.key ? give(code.key) : giveNew(code.name);
  if (event.ctrlKey) { find.value = ""; list(); return; }
  shut();
  if (event.shiftKey && passage) { heat(passage); writeMemo(); }
}

function writeMemo() {
  if (!selected) return tell(say.choose_first, true);
  const [start, end] = selected, passage = hot && hot.start === start && hot.end === end ? hot : null;
  const there = [...memos.values()].find((m) => m.by === page.who && m.about === page.text && m.start === start && m.end === end && (!passage || m.code === passage.code));
  const area = one("textarea", note);
  area.value = there?.words ?? "";
  float(note);
  area.focus({ preventScroll: true });
  one("form", note).onsubmit = (event) => {
    event.preventDefault();
    const words = area.value.trim();
    if (!words) return;
    const memo = there ? there.key : identifier(), code = passage ? passage.code : "";
    send({ kind: "memo", memo_kind: "segment", memo, about: page.text, start, end, code, words, seen: there ? there.number : 0 });
    tell(say.memo_kept);
    shut();
  };
  return null;
}

// The panel folds and unfolds; the line that is read stays where it is.
function fold(closed) {
  const sentence = sentences[firstVisible()], was = sentence.getBoundingClientRect().top;
  document.body.classList.toggle("shut", closed);
  one("#side").setAttribute("aria-expanded", String(!closed));
  pane.scrollTop += sentence.getBoundingClientRect().top - was;
}
const toggle = () => fold(!document.body.classList.contains("shut"));

// The panel shows parts of the page that works without a script, one at a time. It unfolds when it is
// asked for and not when the answer comes: by then the coder may have folded it again.
let query = new URLSearchParams(page ? location.search : "");
let asked = 0;
async function open(parameters) {
  fold(false);
  if (!await load(parameters)) return;
  one("#panel").scrollTop = 0;
  one("[data-first]", inner)?.focus({ preventScroll: true });
}

async function load(parameters) {
  query = new URLSearchParams(parameters);
  const turn = (asked += 1), answer = await fetch(`${page.urls.panel}?${query}`, { headers: { "X-Script": "1" } });
  if (turn !== asked) return false;
  if (!answer.ok || answer.redirected) { tell(say.signed_out.replace("{}", waiting.length), true); return false; }
  // Our own page, which escapes what people wrote.
  inner.innerHTML = await answer.text();
  const tab = query.get("tab") ?? "codes";
  for (const link of all(".tabs a")) {
    if (link.dataset.tab === (tab === "code" ? "codes" : tab)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  paintHits(tab === "search" ? query.get("words") ?? "" : "");
  return true;
}
const refresh = () => (query.get("tab") ?? "codes") === "codes" && load(query);

function paintHits(words) {
  if (!painted) return;
  paint.hit.clear();
  const sought = words.toLocaleLowerCase();
  if (sought.length < 2) return;
  for (const { firstChild: node } of sentences) {
    const low = node.data.toLocaleLowerCase();
    for (let at = low.indexOf(sought); at >= 0; at = low.indexOf(sought, at + 1)) {
      const range = document.createRange();
      range.setStart(node, Math.min(at, node.length));
      range.setEnd(node, Math.min(at + sought.length, node.length));
      paint.hit.add(range);
    }
  }
}

async function submitForm(form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.set(button.name, button.value);
  try {
    const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(fields) });
    receive(answer);
    if (answer.problem) {
      tell(answer.problem, true);
      if (answer.number_lost) await open(`${query}&lost=${answer.number_lost}`);
      return;
    }
    tell(answer.told || say.done);
    await open(answer.next ?? query);
  } catch {
    tell(fill(say.no_connection, waiting.length), true);
  }
}
