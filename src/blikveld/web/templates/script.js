// What pages do without a script, and better with one: answers are kept while they are made, the
// next page comes in half the requests, and a page that cannot be sent stays until it can.
"use strict";
(() => {
  const form = document.getElementById("questionnaire");
  const submission = form && form.elements["blikveld-submission"];
  let waiting = 0, hiding = 0, sending = false, changed = false, closed = !submission;
  let again = 0, tries = 0, onTheWay = false, pressed = null;

  const tell = (word) => {
    const told = document.getElementById("told"), seen = document.getElementById("saved");
    const text = told.dataset[word];
    // Who listens hears it when it changes; who looks sees it each time.
    if (told.textContent !== text) told.textContent = text;
    seen.textContent = text;
    seen.hidden = false;
    clearTimeout(hiding);
    if (word === "kept") hiding = setTimeout(() => { seen.hidden = true; }, 2500);
  };
  const keep = async () => {
    clearTimeout(waiting);
    waiting = 0;
    if (closed || sending || !changed) return;
    const body = new URLSearchParams(new FormData(form));
    // An address is kept when the page is sent in, and never before.
    for (const field of form.querySelectorAll("[type=email]")) body.delete(field.name);
    const [at, number] = submission.value.split("-");
    submission.value = `${at}-${Number(number) + 1}`;
    body.set(submission.name, submission.value);
    body.set("blikveld-go", "draft");
    sending = true;
    changed = false;
    let status = 0;
    try {
      status = (await fetch(form.getAttribute("action"), {
        method: "POST", body, keepalive: true, signal: AbortSignal.timeout(5000),
      })).status;
    } catch { /* No connection: the next change tries again, and the form still works. */ }
    sending = false;
    // While a page waits to be sent, that is what is told.
    if (closed || tries) return;
    if (status === 204) tell("kept");
    else if (status === 409) closed = true;
    else {
      changed = true;
      tell("lost");
    }
    if (changed) later(status === 204 ? 1000 : 5000);
  };
  const later = (wait) => {
    if (!closed && !waiting) waiting = setTimeout(keep, wait);
  };
  const stop = () => {
    closed = true;
    clearTimeout(waiting);
    clearTimeout(hiding);
    clearTimeout(again);
  };

  const show = (html, address, push) => {
    stop();
    if (push) history.pushState(null, "", address);
    // The server keeps no address of a page it refuses: it goes from page to page here.
    const typed = [...form.querySelectorAll("[data-again]")].map((f) => [f.name, f.value]);
    document.open();
    document.write(html);
    document.close();
    for (const [name, value] of typed) {
      const field = document.getElementsByName(name)[0];
      if (field && !field.value) field.value = value;
    }
    scrollTo(0, 0);
    (document.getElementById("error-summary") || document.getElementById("content"))?.focus();
  };
  addEventListener("popstate", () => location.reload());
  form?.addEventListener("input", (event) => {
    if (event.target.type === "email") return;
    changed = true;
    if (!tries) later(1000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  // Only an answer of our own counts: not what a proxy says for us, or the page of a hotel's network.
  const isAnswer = (answer) => answer.status < 500 && answer.status !== 429
    && (answer.headers.get("Content-Security-Policy") || "").startsWith("default-src 'none'");
  const send = async () => {
    clearTimeout(again);
    if (onTheWay) return;
    onTheWay = true;
    stop();
    const body = new URLSearchParams(new FormData(form));
    if (pressed && pressed.name) body.append(pressed.name, pressed.value);
    const action = (pressed && pressed.getAttribute("formaction")) || form.getAttribute("action");
    let html, address;
    try {
      const answer = await fetch(action, {
        method: "POST", body, headers: { "X-Blikveld-Onward": "1" },
        signal: AbortSignal.timeout(30000),
      });
      if (!isAnswer(answer)) throw new Error("not taken");
      html = await answer.text();
      address = answer.headers.get("Content-Location") || action;
    } catch {
      onTheWay = false;
      tell("waiting");
      // Who leaves the page now leaves a draft, as always.
      closed = !submission;
      changed = true;
      // 1, 2, 4 … 30 seconds, and not everybody at the same moment.
      const seconds = Math.min(30, 2 ** tries++) * (0.5 + Math.random() / 2);
      again = setTimeout(send, 1000 * seconds);
      return;
    }
    show(html, address, new URL(address, location).href !== location.href);
  };
  addEventListener("online", () => { if (tries) send(); });
  addEventListener("submit", (event) => {
    if (event.target !== form) return;
    event.preventDefault();
    pressed = event.submitter;
    send();
  });
})();
