// Two things pages do without: answers are kept while they are made, and the next page comes
// without a full load, in half the requests. Whatever goes wrong, the form is sent as usual.
"use strict";
(() => {
  const form = document.getElementById("questionnaire");
  const turn = form && form.elements["blikveld-turn"];
  let waiting = 0, hiding = 0, sending = false, changed = false, closed = !turn;

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
    const [at, number] = turn.value.split("-");
    turn.value = `${at}-${Number(number) + 1}`;
    body.set(turn.name, turn.value);
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
    if (closed) return;
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
  };

  const show = (html, address, push) => {
    stop();
    if (push) history.pushState(null, "", address);
    document.open();
    document.write(html);
    document.close();
    scrollTo(0, 0);
    (document.getElementById("error-summary") || document.getElementById("content"))?.focus();
  };
  addEventListener("popstate", () => location.reload());
  form?.addEventListener("input", (event) => {
    if (event.target.type === "email") return;
    changed = true;
    later(1000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (event.target !== form || form.dataset.plain) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    stop();
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.append(button.name, button.value);
    const action = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    try {
      const answer = await fetch(action, {
        method: "POST", body, headers: { "X-Blikveld-Onward": "1" },
      });
      const address = answer.headers.get("Content-Location") || action;
      show(await answer.text(), address, new URL(address, location).href !== location.href);
    } catch {
      form.dataset.plain = "yes";
      form.requestSubmit(button);
    }
  });
})();
