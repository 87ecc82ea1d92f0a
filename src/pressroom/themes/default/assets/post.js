// Comforts of a post's page; everything can be read without them.
"use strict";
const words = document.currentScript.dataset;
const prose = document.querySelector(".prose");

// Copying code.
function addCopyButton(block) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy", textContent: words.copy });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent.replace(/\n$/, ""));
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  });
  const frame = document.createElement("div");
  frame.className = "code";
  block.replaceWith(frame);
  frame.append(block, button);
}
if (navigator.clipboard) prose.querySelectorAll("pre").forEach(addCopyButton);

// Footnotes beside the words they belong to, where there is room; each below the one before it.
const room = matchMedia("(min-width: 74rem)");
const notes = [...prose.querySelectorAll(".footnotes li[id]")].map((note) => [
  note, prose.querySelector(`.footnote-ref a[href="#${CSS.escape(note.id)}"]`),
]);
function placeNotes() {
  prose.classList.toggle("noted", room.matches);
  const top = prose.getBoundingClientRect().top;
  let free = 0;
  for (const [note, mark] of notes) {
    const wanted = mark && room.matches ? mark.getBoundingClientRect().top - top - 4 : 0;
    const start = Math.max(wanted, free);
    note.style.insetBlockStart = room.matches ? `${start}px` : "";
    free = start + note.offsetHeight + 16;
  }
}
if (notes.length) {
  new ResizeObserver(placeNotes).observe(prose);
  room.addEventListener("change", placeNotes);
  document.fonts.ready.then(placeNotes);
}
