// --- What was done is shown at once and sent in order. Each action has an identifier, so that one that
// is sent twice counts once. What could not be sent waits in the memory of this page and nowhere else:
// browsers write what a tab stores to the disk. ---

const identifier = () => [...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16).padStart(2, "0")).join("");
let waiting = [], sending = false, offline = false, number = page ? page.number : 0;
let recent = page ? page.recent : [];

function keep() { document.body.dataset.waiting = waiting.length; }

function send(...actions) {
  const batch = actions.length > 1 ? identifier() : "";
  for (const action of actions) waiting.push({ event: identifier(), ...action, ...(batch ? { batch } : {}) });
  keep();
  flush();
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { "X-CSRFToken": page.token, "X-Script": "1", ...options.headers } });
  if (answer.redirected || !(answer.headers.get("Content-Type") ?? "").includes("json")) throw new SignedOut();
  return answer.json();
}
class SignedOut extends Error {}

async function flush() {
  if (sending || !waiting.length) return;
  sending = true;
  const batch = waiting.slice(0, 100);
  try {
    const body = JSON.stringify({ after: number, actions: batch });
    const answer = await ask(page.urls.act, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    waiting = waiting.slice(batch.length);
    keep();
    offline = false;
    receive(answer);
    if (answer.refused.length) tell(answer.refused.map((r) => r.words).join(" "), true);
    else if (answer.told) tell(answer.told);
  } catch (problem) {
    offline = true;
    tell(fill(problem instanceof SignedOut ? say.signed_out : say.no_connection, waiting.length), true);
    setTimeout(flush, 5000);
  }
  sending = false;
  if (waiting.length && !offline) flush();
}

// What the server has is what counts: what it does not have, and does not wait here either, goes.
function receive(answer) {
  number = answer.number;
  for (const code of answer.codes) codes.set(code.key, code);
  for (const key of answer.gone_codes) codes.delete(key);
  for (const memo of answer.memos) memos.set(memo.key, memo);
  for (const key of answer.gone_memos) memos.delete(key);
  const own = new Set(waiting.filter((a) => a.kind === "code" && a.text === page.text).map((a) => keyOf({ ...a, given: a.code, by: page.who })));
  if (answer.whole) {
    const there = new Set(answer.passages.map(keyOf));
    for (const key of [...passages.keys()]) if (!there.has(key) && !own.has(key)) drop(key);
  }
  for (const row of answer.gone) if (!own.has(keyOf(row))) drop(keyOf(row));
  for (const row of answer.passages) put(row);
  if (answer.codes.length || answer.gone_codes.length || answer.memos.length || answer.gone_memos.length) {
    for (const passage of [...passages.values()]) put({ start: passage.start, end: passage.end, code: passage.code, given: passage.given, by: passage.by });
    refresh();
  }
  draw();
  showBar();
}

async function poll() {
  if (document.hidden || sending || waiting.length) return;
  try {
    const answer = await ask(`${page.urls.changes}?after=${number}`);
    if (answer.number !== number && !sending && !waiting.length) receive(answer);
  } catch { /* The next action tells that there is no connection. */ }
}

// --- Actions ---

function give(key, before = []) {
  if (!selected) return tell(say.choose_first, true);
  if (page.frozen) return tell(say.frozen, true);
  const code = codes.get(key), [start, end] = selected;
  if (ordered.some((p) => p.start === start && p.end === end && p.by === page.who && p.code === key)) return tell(fill(say.has_it, code.name));
  const passage = put({ start, end, code: key, given: key, by: page.who });
  draw();
  count(key, 1);
  recent = [key, ...recent.filter((other) => other !== key)].slice(0, 9);
  send(...before, { kind: "code", text: page.text, start, end, code: key });
  tell(fill(say.given, code.name));
  showBar();
  return passage;
}

function giveNew(words) {
  const key = identifier();
  codes.set(key, { key, name: words, colour: codes.size % 12, parent: "" });
  return give(key, [{ kind: "set_code", code: key, name: words }]);
}

const giveLast = () => recent.length ? give(recent[0]) : openBox();

function ownHere() {
  if (hot && hot.by === page.who) return hot;
  return here().filter((p) => p.by === page.who).sort((a, b) => (b.end - b.start) - (a.end - a.start))[0];
}

function remove() {
  const passage = ownHere();
  if (!passage) return tell(say.not_yours, true);
  if (page.frozen) return tell(say.frozen, true);
  drop(keyOf(passage));
  draw();
  count(passage.code, -1);
  send({ kind: "uncode", text: page.text, start: passage.start, end: passage.end, code: passage.given });
  return tell(fill(say.removed, codes.get(passage.code).name));
}

// The passage gets the words that are chosen now.
function resize() {
  const passage = hot && hot.by === page.who ? hot : null;
  if (!passage || !selected || (selected[0] === passage.start && selected[1] === passage.end)) return tell(say.resize_how, true);
  if (page.frozen) return tell(say.frozen, true);
  const [start, end] = selected, place = { kind: "uncode", text: page.text, start: passage.start, end: passage.end, code: passage.given };
  drop(keyOf(passage));
  heat(put({ start, end, code: passage.code, given: passage.given, by: page.who }));
  draw();
  send(place, { kind: "code", text: page.text, start, end, code: passage.given });
  return tell(say.resized);
}

function undo() {
  send({ kind: "undo" });
}

function count(key, by) {
  const shown = one(`[data-code="${CSS.escape(key)}"] .count`, inner);
  if (shown) shown.textContent = Number(shown.textContent) + by;
}
