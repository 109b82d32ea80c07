"use strict"; // goes on from annotate.js

// --- changing

function everywhere(on) {
  $("everywhere").setAttribute("aria-pressed", on);
}

async function label(number, all) {
  if (!chosen) return say("Select a block first: click it, or press j.");
  const { kind, ranges, number: which, start, end } = chosen;
  const selection = { kind, ranges: kind === "blocks" ? ranges : [], number: which ?? 0, start: start ?? 0, end: end ?? 0 };
  const everyPage = all || $("everywhere").getAttribute("aria-pressed") === "true";
  if (everyPage) say("Labelling all pages of the portal …");
  const change = await ask(`api/pages/${page.number}/label`, { selection, label: names[number], everywhere: everyPage });
  everywhere(false);
  page.labelled ||= change.blocks > 0;
  await show(change);
  const pages = change.pages > 1 ? ` on ${change.pages} pages` : everyPage ? " on this page, none is alike on others" : "";
  say(change.blocks ? `${change.blocks} block${change.blocks === 1 ? "" : "s"}${pages}: ${names[number]}` : `${names[number]} already`);
}

async function show(change) {
  if (change.number !== page.number || change.cut_anew) {
    const block = chosen?.anchor;
    await open(change.number, change.number === page.number);
    if (change.cut_anew && block !== undefined && block < page.texts.length) select(block);
    return;
  }
  const before = page.labels;
  page.labels = change.labels;
  page.done = change.done;
  for (let block = 0; block < before.length; block += 1) {
    if (before[block] !== change.labels[block]) paint(block);
  }
  mark();
  head();
}

async function undo() {
  const change = await ask("api/undo", {});
  if (!change) return say("There is nothing to undo.");
  overview = await ask("api/pages");
  await show(change);
  page.labelled = overview.pages[page.number].labelled;
  head();
  say(`Undone: ${change.blocks} block${change.blocks === 1 ? "" : "s"}${change.pages > 1 ? ` on ${change.pages} pages` : ""}.`);
}

async function finish() {
  const done = !page.done;
  overview = await ask(`api/pages/${page.number}/done`, { done });
  page.done = done;
  page.labelled = true;
  head();
  if (!done) return;
  const count = overview.pages.length;
  let problem = "";
  for (let step = 1; step < count; step += 1) {
    const next = (page.number + step) % count;
    if (overview.pages[next].done) continue;
    try {
      return await open(next);
    } catch (error) {
      problem = naming(next, error.message);
    }
  }
  say(problem || "All documents are done.", problem !== "");
}

function naming(number, message) {
  const { name } = overview.pages[number];
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

// Open a document, or the first one behind it that can be read.
async function openFrom(number, by) {
  let problem = by > 0 ? "This is the last document." : "This is the first document.";
  for (let at = number; at >= 0 && at < overview.pages.length; at += by) {
    try {
      await open(at);
      if (at !== number) say(problem, true);
      return;
    } catch (error) {
      problem = naming(at, error.message);
    }
  }
  say(problem, problem.includes(": "));
}

function turn(by) {
  return openFrom(page.number + by, by);
}

// --- dialogs

function dialog(title, ...content) {
  $("dialog").querySelector("h2").textContent = title;
  $("content").replaceChildren(...content);
  if (!$("dialog").open) $("dialog").showModal();
}

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function table(titles, lines) {
  const made = element("table");
  const row = (cells, name) => {
    const line = element("tr");
    for (const cell of cells) line.append(cell instanceof Node ? cell : element(name, cell, typeof cell === "number" ? "number" : ""));
    made.append(line);
  };
  row(titles, "th");
  for (const line of lines) row(line, "td");
  return made;
}

function figures([before, after]) {
  const name = after > before + 0.0005 ? "better" : after < before - 0.0005 ? "worse" : "";
  return element("td", `${before.toFixed(3)} → ${after.toFixed(3)}`, `number ${name}`);
}

async function retrain() {
  await ask("api/retraining", {});
  watch();
}

async function watch() {
  const state = await ask("api/retraining");
  if (state.running) {
    const bar = element("progress");
    bar.value = state.fraction;
    dialog("Retraining", element("p", `${state.what} … Labelling can go on: close this, Retrain shows it again.`), bar);
    setTimeout(() => { if ($("dialog").open) watch().catch((error) => say(error.message, true)); else poll(); }, 700);
    return;
  }
  ended(state);
}

function poll() {
  setTimeout(async () => {
    const state = await ask("api/retraining").catch(() => ({ running: false, error: "the program is gone" }));
    if (state.running && !$("dialog").open) poll();
    else if (!state.running) ended(state);
  }, 1000);
}

function ended(state) {
  if (state.error) return dialog("Retraining", element("p", state.error));
  const lines = state.changes.map((change) => [change.name, change.pages, figures(change.macro), figures(change.body)]);
  const used = state.model
    ? `Written to ${state.model}. Documents without labels show its guesses now.`
    : "A figure is worse than before, so no model was written. Label more pages.";
  const none = "Nothing was measured: that takes a second page that is done, or other portals (--others).";
  dialog("Retraining", lines.length ? table(["pages", "number", "macro-F1 of labels", "page F1 of the text"], lines) : element("p", none), element("p", used));
  later(() => open(page.number, true));
}

async function agreement() {
  const found = await ask("api/agreement");
  if (!found.length) return dialog("Agreement", element("p", "Nobody has labelled these documents a second time: start the program with --annotator NAME for that."));
  const content = [];
  for (const one of found) {
    const share = one.words ? `${((100 * one.agreed) / one.words).toFixed(1)} %` : "–";
    content.push(element("p", `${one.annotator}: ${one.documents.length} documents that both have done, ${one.words} words; the same label for ${share}, Cohen's kappa ${one.kappa.toFixed(3)}.`));
    content.push(table(["document", "words", "agreed"], one.documents.map(([name, words, agreed]) => [name, words, words ? `${((100 * agreed) / words).toFixed(1)} %` : "–"])));
    if (one.confusions.length) content.push(table(["dataset", one.annotator, "differ"], one.confusions));
  }
  dialog("Agreement", ...content);
}

// --- keys and buttons

const actions = {
  b: () => widen(),
  l: () => selectList(),
  t: () => everywhere($("everywhere").getAttribute("aria-pressed") !== "true"),
  j: () => move(1),
  k: () => move(-1),
  u: () => undo(),
  d: () => finish(),
  n: () => turn(1),
  p: () => turn(-1),
  "?": () => dialog("Keys and mouse", $("keys").content.cloneNode(true)),
  Escape: () => { chosen = null; mark(); },
};

function key(event) {
  if ($("dialog").open || event.altKey || event.target.matches?.("select, input")) return;
  const digit = /^(?:Digit|Numpad)([1-8])$/.exec(event.code);
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "z") later(undo);
    return;
  }
  const action = digit ? () => label(digit[1] - 1, event.shiftKey) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  later(action);
}

document.addEventListener("keydown", key);
for (const [id, name] of [["wider", "b"], ["list", "l"], ["everywhere", "t"], ["undo", "u"], ["done", "d"], ["next", "n"], ["previous", "p"], ["help", "?"]]) {
  $(id).addEventListener("click", () => later(actions[name]));
}
$("retrain").addEventListener("click", () => later(retrain));
$("agreement").addEventListener("click", () => later(agreement));
buttons.forEach((button, i) => button.addEventListener("click", (event) => later(() => label(i, event.shiftKey))));
$("blocks").addEventListener("click", (event) => {
  const row = event.target.closest("[data-b]");
  if (!row) return;
  const block = Number(row.dataset.b);
  later(async () => {
    if (!event.shiftKey) return select(block, "page");
    if (!chosen?.ranges.some(([start, end]) => start <= block && block < end)) select(block, "page");
    await widen();
  });
});
for (const id of ["order", "only"]) $(id).addEventListener("change", () => { part = 0; sort(); draw(); $(id).blur(); });
$("earlier").addEventListener("click", () => { part -= 1; draw(); });
$("later").addEventListener("click", () => { part += 1; draw(); });

later(async () => {
  overview = await ask("api/pages");
  const wanted = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : -1;
  const first = Math.max(overview.pages.findIndex((one) => !one.done), 0);
  await openFrom(wanted >= 0 && wanted < overview.pages.length ? wanted : first, 1);
});
