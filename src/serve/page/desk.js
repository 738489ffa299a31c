// The desk: one sentence after the other, by keyboard. What is saved is on the server's disk before the next one comes.

import { $, ask, counted, make, percent, tell } from "/make.js";

const DRAFT = "rejoinder draft";
let labels = [];
let tested = null; // scores of the first model on the test file
let task = null; // the sentence that is being labelled
let chosen = new Set();
let looked = false; // for labels that look wrong, since that order was chosen
let running = Promise.resolve();
let waiting = 0;

const post = (path, body) => ask(`/v1/desk/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const annotator = () => $("annotator").value.trim();

/** Does one thing after the other, and tells what went wrong. */
function doing(work) {
  waiting++;
  running = running
    .then(work)
    .catch((error) => tell(error.message, true))
    .finally(() => waiting--);
  return running;
}

/** Does something unless another thing is being done: a key that is pressed twice must not answer for the next sentence too. */
const once = (work) => () => waiting || doing(work);

function showProgress({ sentences, settled, disputed, annotators }) {
  const own = annotators[annotator()] ?? 0;
  $("progress").textContent = `${own} by you, ${settled} of ${sentences} settled`;
  $("disputed").textContent = disputed ? `(${disputed})` : "";
}

/** A score, and how far it moved. */
const moved = (now, before) => now.toFixed(3) + (before === undefined ? "" : ` (${now >= before ? "+" : "−"}${Math.abs(now - before).toFixed(3)})`);

/** How well the model does that learned last: by cross-validation, and on the test file where there is one. */
function showScore(learned) {
  const [last, before] = [learned.at(-1), learned.at(-2)];
  const told = [];
  if (last) told.push(`${moved(last.macro_f1, before?.macro_f1)} cross-validated on ${counted(last.sentences, "sentence")}`);
  if (tested) {
    const now = last?.test ?? tested;
    const { low, high } = now.macro_f1;
    const of = moved(now.macro_f1.value, last && (before?.test ?? tested).macro_f1.value);
    told.push(`${of}, 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}, on ${counted(now.n_samples, "test sentence")}`);
  }
  $("score").textContent = told.length ? `Macro-F1 ${told.join("; ")}` : "";
  if (last) $("score").title = labels.map((label, index) => `${label} ${last.f1[index].toFixed(3)}`).join(", ");
}

/** A switch for each label, named by `name`. `chosen` is the set that they switch. */
function switches(chosen, name, changed) {
  return labels.map((label, index) => {
    const button = make("button", { type: "button", class: `label l${index % 6}`, "aria-pressed": String(chosen.has(label)) }, ...name(label, index));
    button.addEventListener("click", () => {
      chosen.has(label) ? chosen.delete(label) : chosen.add(label);
      button.setAttribute("aria-pressed", String(chosen.has(label)));
      changed();
    });
    return button;
  });
}

function showLabels() {
  const name = (label, index) => [make("kbd", {}, String(index + 1)), ` ${label}`];
  $("labels").replaceChildren(...switches(chosen, name, keepDraft));
}

/** What is being typed survives a reload, and nobody else sees it. */
function keepDraft() {
  localStorage.setItem(DRAFT, JSON.stringify({ annotator: annotator(), sentence: task.name, labels: [...chosen], rule: $("rule").value }));
}

function lines(task) {
  return task.lines.map(({ sentence, lead, text }) => {
    const own = make(sentence === task.sentence ? "mark" : "span", sentence === task.sentence ? { id: "current", class: "current" } : {}, text);
    return [lead, own];
  }).flat();
}

function show(next) {
  task = next;
  for (const id of ["labels", "saying", "help"]) $(id).hidden = !task;
  $("suspect").hidden = !task?.suspect;
  if (!task) {
    const disputed = $("disputed").textContent ? " Disagreements wait for somebody to rule on them." : "";
    const done = $("order").value === "suspects" ? "No other label looks wrong." : "You have labelled all that is for you.";
    $("article").replaceChildren(done + disputed);
    return;
  }
  const draft = JSON.parse(localStorage.getItem(DRAFT) ?? "null");
  const kept = draft?.sentence === task.name && draft.annotator === annotator() ? draft : task.own;
  chosen = new Set(kept?.labels ?? []);
  $("rule").value = kept?.rule ?? "";
  if (task.suspect) {
    const { label, given, probability } = task.suspect;
    $("suspect").textContent = `Labelled ${given ? "" : "without "}${label}; models that learned from the other sentences give it ${percent(probability)}.`;
  }
  $("article").replaceChildren(make("h2", {}, task.title ?? task.article), ...lines(task));
  showLabels();
  const article = $("article");
  article.scrollTop += $("current").getBoundingClientRect().top - article.getBoundingClientRect().top - article.clientHeight / 3;
  // On a phone the sentence and its labels fill the screen.
  if (matchMedia("(max-width: 50rem)").matches) $("status").scrollIntoView();
}

async function next() {
  if (!annotator()) {
    tell("Say who you are: type your name.");
    $("annotator").focus();
    return;
  }
  const order = $("order").value;
  if (order === "suspects" && !looked && !(await ask("/v1/desk")).suspects) {
    tell("Looking for labels that look wrong…");
    const { suspects } = await post("suspects", {});
    tell(`${counted(suspects, "label")} that may be wrong`);
  }
  looked = order === "suspects";
  show((await post("next", { annotator: annotator(), order })).task);
}

const save = once(async () => {
  if (!task) return;
  const { progress } = await post("code", { annotator: annotator(), sentence: task.sentence, labels: [...chosen], rule: $("rule").value || null });
  localStorage.removeItem(DRAFT);
  showProgress(progress);
  tell(`Saved: ${[...chosen].join(", ") || "none"}`);
  await next();
});

const skip = once(async () => {
  if (!task) return;
  await post("skip", { annotator: annotator(), sentence: task.sentence });
  await next();
});

const undo = once(async () => {
  const { task: undone, progress } = await post("undo", { annotator: annotator() });
  showProgress(progress);
  if (!undone) return tell("There is nothing to undo");
  tell("Taken back");
  show(undone);
});

const learn = once(async () => {
  tell("Training…");
  const started = performance.now();
  showScore((await post("learn", {})).learned);
  tell(`Trained in ${((performance.now() - started) / 1000).toFixed(2)} s. ${$("score").textContent}`);
  if (!task || $("order").value === "uncertainty") await next();
});

async function showDisputed() {
  const { disputed } = await ask("/v1/desk/disputed");
  const cards = disputed.map((found) => {
    const chosen = new Set();
    const rule = make("input", { type: "text", list: "rules", size: "8", placeholder: "optional" });
    const said = found.codings.map(({ annotator, labels, rule }) => make("li", {}, `${annotator}: ${labels.join(", ") || "none"}${rule ? ` (rule ${rule})` : ""}`));
    const decide = make("button", { type: "button" });
    const name = () => (decide.textContent = `Decide: ${[...chosen].join(", ") || "none"}`);
    name();
    decide.addEventListener("click", () => doing(async () => {
      const { progress } = await post("code", { annotator: annotator(), sentence: found.sentence, labels: [...chosen], rule: rule.value || null, ruling: true });
      showProgress(progress);
      tell(`Decided: ${[...chosen].join(", ") || "none"}`);
      const next = card.nextElementSibling ?? card.previousElementSibling;
      card.remove();
      if (next) next.querySelector("button").focus();
      else showCards([]);
    }));
    const text = make("div", { class: "article" });
    const at = found.lines.findIndex(({ sentence }) => sentence === found.sentence);
    const [first, ...others] = found.lines.slice(Math.max(0, at - 2), at + 3);
    text.append(...lines({ ...found, lines: [{ ...first, lead: "" }, ...others] }));
    text.querySelector("#current").removeAttribute("id");
    const labelled = make("div", { class: "row", role: "group", "aria-label": "Labels" }, ...switches(chosen, (label) => [label], name));
    const card = make("article", { class: "card" }, text, make("ul", {}, ...said), labelled, make("div", { class: "row" }, make("label", {}, "Rule ", rule), decide));
    return card;
  });
  showCards(cards);
}

function showCards(cards) {
  $("view-rule").replaceChildren(...(cards.length ? cards : [make("p", { class: "card" }, "Nobody disagrees.")]));
}

/** A number with two decimals, no `-0.00`. */
const decimals = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
const estimate = (found) => (found ? `${decimals(found.value)}\u00a0[${decimals(found.low)},\u00a0${decimals(found.high)}]` : "–");

/** A table under its heading; a phone scrolls it. */
function tableOf(title, head, rows) {
  const header = make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)));
  const isText = (text) => (text.length > 30 ? { class: "text" } : {});
  const body = rows.map((row) => make("tr", {}, ...row.map((text) => make("td", isText(text), text))));
  const table = make("table", {}, make("thead", {}, header), make("tbody", {}, ...body));
  return make("div", {}, make("h3", {}, title), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table));
}

async function showAgreement() {
  const { annotators, agreement, differences } = await ask("/v1/desk/agreement");
  const alphas = labels.map((label, index) => [label, estimate(agreement.alpha[index])]);
  alphas.push(["whole sets", estimate(agreement.alpha_of_sets)]);
  const kappas = agreement.pairs.map(({ coders, n_units, kappa }) => [coders.map((coder) => annotators[coder]).join(" and "), String(n_units), ...kappa.map(estimate)]);
  const rules = differences.map(({ rule, sentences }) => [rule || "none named", String(sentences.length), sentences[0]]);
  $("view-agree").replaceChildren(
    make("h2", {}, `${counted(agreement.n_units, "sentence")} coded by two or more`),
    tableOf("Krippendorff’s α, with 95 % intervals", ["label", "α"], alphas),
    tableOf("Cohen’s κ of each two coders, with 95 % intervals", ["coders", "sentences", ...labels], kappas),
    tableOf("Where coders differ, by rule of the codebook", ["rule", "sentences", "the first of them"], rules),
  );
}

/** A line of Markdown, its code set apart. */
const inline = (text) => text.split(/(`[^`]+`)/).map((part) => (/^`.+`$/.test(part) ? make("code", {}, part.slice(1, -1)) : part));

/** The codebook: headings, lists and paragraphs of Markdown. */
function showCodebook(text) {
  const nodes = [];
  let list = null;
  let item = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const heading = line.match(/^(#+) (.*)/);
    const entry = line.match(/^(-|\d+\.) (.*)/);
    if (heading) {
      nodes.push(make(heading[1].length === 1 ? "h2" : "h3", {}, heading[2]));
      addRule(heading[1].length === 2 ? heading[2] : null);
    } else if (entry) {
      paragraph?.classList.add("lead");
      paragraph = null;
      const kind = entry[1] === "-" ? "ul" : "ol";
      if (list?.localName !== kind) nodes.push((list = make(kind)));
      list.append((item = make("li", {}, ...inline(entry[2]))));
      if (kind === "ol") addRule(entry[1].slice(0, -1));
      continue;
    } else if (line.trim() && item && /^\s/.test(line)) {
      item.append(" ", ...inline(line.trim()));
      continue;
    } else if (line.trim() && paragraph) {
      paragraph.append(" ", ...inline(line));
      continue;
    } else if (line.trim()) {
      nodes.push((paragraph = make("p", {}, ...inline(line))));
      list = item = null;
      continue;
    }
    list = item = paragraph = null;
  }
  $("codebook").replaceChildren(...nodes);
}

function addRule(rule) {
  if (rule) $("rules").append(make("option", { value: rule }));
}

function showView(name) {
  for (const view of ["code", "rule", "agree"]) $(`view-${view}`).hidden = view !== name;
  for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  if (name === "rule") doing(showDisputed);
  if (name === "agree") doing(showAgreement);
}

const KEYS = { Enter: save, s: skip, u: undo, t: learn, r: () => $("rule").focus() };

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  if (event.key === "Escape" && isTyping) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || $("view-code").hidden) return;
  if (isTyping && !(event.target.id === "rule" && event.key === "Enter")) return;
  if (event.key === "Enter" && event.target.matches("button, a")) return;
  const digit = /^\d$/.test(event.key) ? Number(event.key) : null;
  if (digit === 0 && task) {
    chosen.clear();
    showLabels();
    keepDraft();
  } else if (digit && task) {
    $("labels").children[digit - 1]?.click();
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => showView(button.dataset.view));
for (const [id, work] of Object.entries({ save, skip, undo, learn })) $(id).addEventListener("click", work);
$("rule").addEventListener("input", () => task && keepDraft());
$("order").addEventListener("change", () => doing(next));
$("annotator").addEventListener("change", () => doing(async () => {
  localStorage.setItem("rejoinder annotator", annotator());
  showProgress((await ask("/v1/desk")).progress);
  tell("");
  await next();
  $("annotator").blur();
}));

doing(async () => {
  const desk = await ask("/v1/desk");
  ({ labels, tested } = desk);
  $("annotator").value = localStorage.getItem("rejoinder annotator") ?? "";
  showCodebook(desk.codebook);
  showProgress(desk.progress);
  showScore(desk.learned);
  await next();
});
