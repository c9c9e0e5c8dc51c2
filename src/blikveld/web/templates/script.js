// Pages without a full load: half the requests. Whatever goes wrong, the form is sent as usual.
"use strict";
(() => {
  const show = (html, address, push) => {
    if (push) history.pushState(null, "", address);
    document.open();
    document.write(html);
    document.close();
    scrollTo(0, 0);
    (document.getElementById("error-summary") || document.getElementById("content"))?.focus();
  };
  addEventListener("popstate", () => location.reload());
  addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.id !== "questionnaire" || form.dataset.plain) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
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
