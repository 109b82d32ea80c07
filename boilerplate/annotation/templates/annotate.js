"use strict";
const $ = (id) => document.getElementById(id);
const frame = document.querySelector("iframe");
const buttons = [...document.querySelectorAll("[data-label]")];
const names = buttons.map((button) => button.dataset.label);
const ROWS = 200; // of the list, at a time

let overview = { pages: [], done: 0 };
let page = null; // the document that is shown: columns, one entry a block
let spans = []; // by block: its pieces in the frame
let rows = new Map(); // by block: its row, if the list shows it
let order = [];
let part = 0;
let chosen = null; // what is selected: { kind, anchor, ranges, number, level, start, end, words }
let pressed = null; // the block on which the mouse went down
let waiting = Promise.resolve(); // requests go one after the other

// --- talking to the server

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, options);
  const found = await answer.json().catch(() => ({ error: `the program answers ${answer.status}` }));
  if (!answer.ok) throw new Error(found.error ?? `the program answers ${answer.status}`);
  return found;
}

function later(work) {
  waiting = waiting.then(work).catch((error) => say(error.message, true));
  return waiting;
}

let hiding = 0;
function say(text, bad = false) {
  $("message").textContent = text;
  $("message").classList.toggle("bad", bad);
  clearTimeout(hiding);
  hiding = setTimeout(() => { $("message").textContent = ""; $("message").className = ""; }, bad ? 12000 : 5000);
}

// --- showing a document

async function open(number, quiet = false) {
  const found = await ask(`api/pages/${number}`);
  const at = frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
  const again = page !== null && page.number === number;
  page = found;
  chosen = null;
  part = 0;
  history.replaceState(null, "", `#${number}`);
  await load(`frame/${number}?${Date.now()}`);
  listen(frame.contentDocument);
  if (again) frame.contentDocument.scrollingElement.scrollTop = at;
  sort();
  draw();
  head();
  if (!quiet) $("blocks").scrollTop = 0;
}

// The frame's document is replaced, so that the browser's history stays as it is.
function load(path) {
  const address = new URL(path, location.href).href;
  return new Promise((resolve) => {
    const check = () => {
      if (frame.contentDocument?.URL !== address) return;
      frame.removeEventListener("load", check);
      resolve();
    };
    frame.addEventListener("load", check);
    frame.contentWindow.location.replace(address);
  });
}

function listen(inside) {
  spans = page.texts.map(() => []);
  for (const span of inside.querySelectorAll(".b")) spans[Number(span.dataset.b)]?.push(span);
  inside.addEventListener("mousedown", (event) => { pressed = blockAt(event.target); });
  inside.addEventListener("mouseup", (event) => release(event, inside));
  inside.addEventListener("keydown", key);
}

function head() {
  $("name").textContent = page.name;
  const state = page.done ? "done" : page.labelled ? "begun" : "labelled by the model";
  const who = overview.annotator ? ` · annotator ${overview.annotator}` : "";
  $("where").textContent = `${page.portal} · ${page.number + 1} of ${overview.pages.length}, ${overview.done} done · ${state}${who}`;
  $("done").firstChild.textContent = page.done ? "Not done " : "Done, next ";
  $("done").classList.toggle("main", !page.done);
  const counts = names.map(() => 0);
  for (const digit of page.labels) counts[digit] += 1;
  buttons.forEach((button, i) => { button.querySelector("small").textContent = counts[i]; });
}

function sort() {
  const only = $("only").value;
  order = page.texts.map((_, i) => i).filter((i) => !only || names[page.labels[i]] === only);
  if ($("order").value === "doubt") order.sort((a, b) => page.margins[a] - page.margins[b] || a - b);
}

function draw() {
  rows = new Map();
  const shown = order.slice(part * ROWS, (part + 1) * ROWS);
  const items = shown.map((block) => {
    const item = document.createElement("li");
    item.dataset.b = block;
    const label = document.createElement("b");
    const guess = document.createElement("span");
    guess.className = "guess";
    const text = document.createElement("span");
    text.className = "t";
    text.textContent = page.texts[block];
    item.append(label, " ", guess, text);
    rows.set(block, item);
    paint(block);
    return item;
  });
  if (!items.length) {
    const none = document.createElement("li");
    none.className = "none";
    none.textContent = "No blocks.";
    items.push(none);
  }
  $("blocks").replaceChildren(...items);
  const last = Math.min((part + 1) * ROWS, order.length);
  $("part").textContent = order.length ? `${part * ROWS + 1}–${last} of ${order.length}` : "";
  $("earlier").disabled = part === 0;
  $("later").disabled = last >= order.length;
  mark();
}

// Show a block's label, in the frame and in the list.
function paint(block) {
  const label = names[page.labels[block]];
  for (const span of spans[block]) {
    const on = span.classList.contains("on");
    span.className = `b ${label}${on ? " on" : ""}`;
  }
  const row = rows.get(block);
  if (!row) return;
  row.className = label;
  const [shown, guess] = row.children;
  shown.textContent = label;
  const theirs = names[page.guesses[block]];
  const differs = theirs !== label;
  guess.className = differs ? `guess differs ${theirs}` : "guess";
  guess.replaceChildren();
  if (differs) {
    const name = document.createElement("b");
    name.textContent = theirs;
    guess.append("model: ", name);
  } else {
    guess.append(`sure ${Math.max(page.margins[block], 0).toFixed(2)}`);
  }
}

function mark() {
  for (const span of frame.contentDocument.querySelectorAll(".on")) span.classList.remove("on");
  for (const row of rows.values()) row.classList.remove("on");
  let count = 0;
  for (const [start, end] of chosen?.ranges ?? []) {
    count += end - start;
    for (let block = start; block < end; block += 1) {
      rows.get(block)?.classList.add("on");
      for (const span of spans[block] ?? []) span.classList.add("on");
    }
  }
  $("chosen").textContent = !chosen ? "Nothing is selected." : count === 1 ? chosen.words : `${chosen.words}: ${count} blocks`;
}

// --- selecting

function blockAt(target) {
  const span = target.closest?.(".b");
  return span ? Number(span.dataset.b) : null;
}

function select(block, show) {
  chosen = { kind: "blocks", anchor: block, ranges: [[block, block + 1]], level: -1, words: `block ${block}` };
  mark();
  if (show !== "list") spans[block]?.[0]?.scrollIntoView({ block: "center" });
  if (show !== "page") reveal(block);
}

function reveal(block) {
  const place = order.indexOf(block);
  if (place >= 0 && Math.floor(place / ROWS) !== part) {
    part = Math.floor(place / ROWS);
    draw();
  }
  rows.get(block)?.scrollIntoView({ block: "nearest" });
}

function selectRange(a, b) {
  const [start, end] = a < b ? [a, b + 1] : [b, a + 1];
  chosen = { kind: "blocks", anchor: a, ranges: [[start, end]], level: -1, words: `blocks ${start} to ${end - 1}` };
  mark();
}

async function around() {
  chosen.around ??= await ask(`api/pages/${page.number}/blocks/${chosen.anchor}`);
  return chosen.around;
}

async function widen() {
  if (!chosen) return;
  const found = await around();
  const box = found.boxes[chosen.level + 1];
  if (!box) return say("There is no larger box.");
  const [number, start, end, name] = box;
  chosen = { ...chosen, kind: "box", number, ranges: [[start, end]], level: chosen.level + 1, words: `box ${name}` };
  mark();
}

async function selectList() {
  if (!chosen) return;
  const found = await around();
  if (found.heading < 0) return widen(); // no heading is known to stand over it
  chosen = { ...chosen, kind: "list", number: found.heading, ranges: found.list, words: `list under “${page.texts[found.heading].slice(0, 40)}”` };
  mark();
}

function release(event, inside) {
  const block = blockAt(event.target);
  const words = page.kind === "text" ? stretch(inside) : null;
  const from = pressed;
  pressed = null;
  if (words) return selectWords(...words);
  if (block === null || from === null) return;
  later(async () => {
    if (from !== block) return selectRange(from, block);
    const inSelection = chosen?.ranges.some(([start, end]) => start <= block && block < end);
    if (!event.shiftKey) return select(block, "list");
    if (!inSelection) select(block, "list");
    await widen();
  });
}

// The characters that are selected in a text, if they are.
function stretch(inside) {
  const selection = inside.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const at = (node, offset) => {
    const span = (node.nodeType === 3 ? node.parentElement : node).closest(".b");
    return span && node.nodeType === 3 ? page.starts[span.dataset.b] + [...node.data.slice(0, offset)].length : null;
  };
  const [start, end] = [at(range.startContainer, range.startOffset), at(range.endContainer, range.endOffset)];
  return start === null || end === null || start >= end ? null : [start, end];
}

function selectWords(start, end) {
  const inside = page.starts.map((at, i) => [at, i]).filter(([at, i]) => at < end && (page.starts[i + 1] ?? Infinity) > start);
  if (!inside.length) return;
  const first = inside[0][1], last = inside[inside.length - 1][1];
  chosen = { kind: "chars", anchor: first, start, end, ranges: [[first, last + 1]], level: -1, words: `characters ${start} to ${end}` };
  mark();
}

function move(by) {
  const place = chosen ? order.indexOf(chosen.anchor) : -1;
  const block = order[Math.min(Math.max(place + by, 0), order.length - 1)];
  if (block !== undefined) select(block);
}
