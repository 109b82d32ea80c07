"use strict";
const frame = document.querySelector("iframe");
const list = document.getElementById("blocks");
const rows = new Map([...list.children].map((row) => [row.dataset.b, row]));
let spans = new Map();
let chosen = null;

function mark(number, scroll) {
  const before = chosen;
  chosen = number;
  for (const n of [before, number]) {
    const on = n === number;
    rows.get(n)?.classList.toggle("on", on);
    for (const span of spans.get(n) ?? []) span.classList.toggle("on", on);
  }
  if (scroll === "list") rows.get(number)?.scrollIntoView({ block: "nearest" });
  if (scroll === "page") spans.get(number)?.[0].scrollIntoView({ block: "center" });
}

function open() {
  const page = frame.contentDocument;
  spans = new Map();
  for (const span of page.querySelectorAll(".b")) {
    const number = span.dataset.b;
    if (!spans.has(number)) spans.set(number, []);
    spans.get(number).push(span);
    const row = rows.get(number);
    const [label, p, more] = ["b", ".p", ".more"].map((part) => row.querySelector(part).textContent);
    span.title = `${number}: ${label} ${p}\n${more}`;
  }
  page.addEventListener("click", (event) => {
    const span = event.target.closest(".b");
    if (span) mark(span.dataset.b, "list");
  });
}

function choose(event) {
  const row = event.target.closest("li");
  if (row) mark(row.dataset.b, "page");
}

list.addEventListener("click", choose);
list.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    choose(event);
    event.preventDefault();
  }
});
for (const button of document.querySelectorAll("[data-tab]")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-tab]")) {
      const on = other === button;
      other.setAttribute("aria-pressed", on);
      document.getElementById(other.dataset.tab).hidden = !on;
    }
  });
}
for (const button of document.querySelectorAll("[data-label]")) {
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", shown);
    for (const row of list.getElementsByClassName(button.dataset.label)) {
      if (row.parentElement !== list) continue;
      row.classList.toggle("off", !shown);
      for (const span of spans.get(row.dataset.b) ?? []) span.classList.toggle("off", !shown);
    }
  });
}
document.getElementById("differing")?.addEventListener("change", (event) => {
  for (const row of list.children) row.hidden = event.target.checked && !row.classList.contains("differs");
});
if (frame.contentDocument?.querySelector(".b")) open();
frame.addEventListener("load", open);
