// Choose words by dragging the mouse over them. Sentences are links that choose a whole sentence, so
// without this script, and by keyboard, everything can be chosen too.
"use strict";
const talk = document.querySelector(".talk");
const sentences = talk ? [...talk.querySelectorAll(".sentence")] : [];
let dragged = false;

// Positions are Unicode code points, as in the text itself; a browser counts UTF-16 units.
const points = (text) => [...text].length;
const begins = (sentence) => Number(new URL(sentence.href).searchParams.get("start"));

function inside(sentence, node, offset, otherwise) {
  if (!sentence.contains(node)) return otherwise;
  const until = document.createRange();
  until.selectNodeContents(sentence);
  until.setEnd(node, offset);
  return points(until.toString());
}

function choose() {
  const selection = window.getSelection();
  dragged = !selection.isCollapsed;
  if (!dragged) return;
  const range = selection.getRangeAt(0);
  const touched = sentences.filter((sentence) => range.intersectsNode(sentence));
  if (!touched.length || !range.toString().trim()) return;
  const first = touched[0];
  const last = touched[touched.length - 1];
  const whole = points(last.textContent);
  let from = inside(first, range.startContainer, range.startOffset, 0);
  let to = inside(last, range.endContainer, range.endOffset, whole);
  const letters = [...first.textContent];
  while (from < letters.length && !letters[from].trim()) from += 1;
  const ends = [...last.textContent];
  while (to > 0 && !ends[to - 1].trim()) to -= 1;
  const start = begins(first) + from;
  const end = begins(last) + to;
  if (start < end) window.location.assign(`?start=${start}&end=${end}#chosen`);
}

for (const sentence of sentences) {
  // A link that can be dragged away cannot be selected in.
  sentence.draggable = false;
  sentence.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
  });
}
if (talk) talk.addEventListener("mouseup", choose);
