// The page: texts and files → the API → articles with their claims marked. What others wrote is only ever set as text.

import { $, ask, counted, make, percent, tell } from "/make.js";

/** Below this probability nothing is asked for: no slider goes further down. */
const LOWEST = 0.05;
const KINDS = { txt: "text/plain", jsonl: "application/x-ndjson", ndjson: "application/x-ndjson", csv: "text/csv", tsv: "text/tab-separated-values" };

let labels = []; // of the model, with their thresholds
let thresholds = {};
let claims = []; // {claim, mark}
let chosen = null; // the one that is shown beside the article

const colour = (label) => `l${labels.findIndex((known) => known.label === label) % 6}`;

/** Asks for the claims of one text or file. */
async function classify(body, kind, name) {
  const lowest = labels.map(({ label }) => `${label}:${LOWEST}`).join(",");
  const query = new URLSearchParams({ threshold: lowest, texts: "true", name });
  return ask(`/v1/classify?${query}`, { method: "POST", headers: { "content-type": kind }, body });
}

/** Reads inputs one after the other and shows what was found. */
async function read(inputs) {
  tell("Reading…");
  claims = [];
  chosen = null;
  $("articles").replaceChildren();
  const errors = [];
  let sentences = 0;
  const started = performance.now();
  for (const { body, kind, name } of inputs) {
    try {
      const found = await classify(body, kind, name);
      sentences += found.sentences;
      errors.push(...found.errors);
      showArticles(found);
    } catch (error) {
      errors.push(error.message);
    }
  }
  const took = Math.round(performance.now() - started);
  $("result").hidden = claims.length === 0 && !$("articles").hasChildNodes();
  paint();
  const count = $("articles").children.length;
  const done = `${counted(count, "article")}, ${counted(sentences, "sentence")}, ${took} ms`;
  tell(errors.length ? `${count ? `${done}. ` : ""}${errors.join("; ")}` : done, errors.length > 0);
}

function showArticles(found) {
  const of = Map.groupBy
    ? Map.groupBy(found.claims, (claim) => claim.article)
    : found.claims.reduce((map, claim) => map.set(claim.article, [...(map.get(claim.article) ?? []), claim]), new Map());
  for (const { article, title, text } of found.texts) {
    const heading = make("h2", {}, title ?? article);
    $("articles").append(make("article", { class: "card article" }, heading, ...marked(text, of.get(article) ?? [])));
  }
}

/** The text of an article in pieces, its claims as marks. Offsets are code points. */
function marked(text, found) {
  const points = Array.from(text);
  const piece = (start, end) => points.slice(start, end).join("");
  const nodes = [];
  let at = 0;
  for (const claim of found) {
    nodes.push(piece(at, claim.start));
    const choose = () => show({ claim, mark });
    const mark = make("mark", { tabindex: "0", role: "button", onmouseenter: choose, onfocus: choose, onclick: choose });
    mark.append(...parts(claim, piece));
    claims.push({ claim, mark });
    nodes.push(mark);
    at = claim.end;
  }
  nodes.push(piece(at));
  return nodes;
}

/** The pieces of a sentence, cut where evidence or a party begins or ends. */
function parts(claim, piece) {
  const parties = claim.relations.flatMap(({ sources, targets }) => [...sources, ...targets]).filter((party) => party.start >= claim.start && party.end <= claim.end);
  const spans = [...claim.evidence, ...parties];
  const cuts = [...new Set([claim.start, claim.end, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index];
    const within = (span) => span.start <= start && span.end >= end;
    const span = make("span", {}, piece(start, end));
    span.dataset.evidence = claim.evidence.filter(within).map(({ label }) => label).join(" ");
    span.classList.toggle("party", parties.some(within));
    return span;
  });
}

const given = (claim) => labels.map(({ label }) => label).filter((label) => claim.probabilities[label] >= thresholds[label]);

/** Marks what reaches the thresholds. */
function paint() {
  const counts = Object.fromEntries(labels.map(({ label }) => [label, 0]));
  for (const { claim, mark } of claims) {
    const now = given(claim);
    now.forEach((label) => counts[label]++);
    const strongest = now.toSorted((a, b) => claim.probabilities[b] - claim.probabilities[a])[0];
    mark.className = strongest ? colour(strongest) : "";
    mark.classList.toggle("several", now.length > 1);
    if (strongest) {
      mark.setAttribute("tabindex", "0");
      mark.setAttribute("role", "button");
      mark.removeAttribute("data-off");
    } else {
      mark.removeAttribute("tabindex");
      mark.removeAttribute("role");
      mark.setAttribute("data-off", "");
    }
    for (const part of mark.children) {
      part.classList.toggle("evidence", part.dataset.evidence.split(" ").some((label) => now.includes(label)));
    }
  }
  for (const [index, { label }] of labels.entries()) {
    $(`count-${index}`).textContent = `${percent(thresholds[label])}: ${counted(counts[label], "sentence")}`;
  }
  if (chosen && given(chosen.claim).length) show(chosen);
  else showHint();
}

function parties(mentions) {
  const names = mentions.map(({ text, code, antecedent }) => {
    const name = antecedent ? `${text} = ${antecedent.text}` : text;
    return code ? `${name} (${code})` : name;
  });
  return names.join(", ") || "?";
}

function direction(sources, targets) {
  const [from, to] = [parties(sources), parties(targets)];
  return from === to && from !== "?" ? `${from} ↔ one another` : `${from} → ${to}`;
}

function showHint() {
  $("detail").replaceChildren(make("p", { class: "hint" }, "Point at a marked sentence, touch it, or step through them with ", make("kbd", {}, "Tab"), "."));
}

/** Shows a claim beside the article. */
function show(found) {
  const { claim, mark } = found;
  const now = given(claim);
  if (!now.length) return;
  chosen?.mark.classList.remove("chosen");
  chosen = found;
  mark.classList.add("chosen");
  const bars = labels.map(({ label }) => {
    const bar = make("span", { class: now.includes(label) ? colour(label) : "" });
    bar.style.width = `${claim.probabilities[label] * 100}%`;
    return make("div", { class: "probability" }, make("span", {}, label), make("div", { class: "bar" }, bar), make("span", { class: "number" }, percent(claim.probabilities[label])));
  });
  const facts = make("dl");
  if (claim.speaker) facts.append(make("dt", {}, "speaker"), make("dd", {}, claim.speaker.text));
  for (const { label, sources, targets } of claim.relations.filter(({ label }) => now.includes(label))) {
    facts.append(make("dt", {}, label), make("dd", {}, direction(sources, targets)));
  }
  const rows = claim.evidence
    .filter(({ label }) => now.includes(label))
    .map(({ label, term, contribution }) => make("tr", {}, make("td", {}, swatch(label), term), make("td", { class: "number" }, `${contribution < 0 ? "−" : "+"}${Math.abs(contribution).toFixed(2)}`)));
  const head = make("tr", {}, make("th", { scope: "col" }, "term"), make("th", { scope: "col", class: "number" }, "log-odds"));
  $("detail").replaceChildren(
    make("h2", {}, now.join(", ")),
    ...bars,
    facts,
    make("table", {}, make("caption", {}, "What decided"), make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

const swatch = (label) => make("span", { class: `swatch ${colour(label)}`, "aria-hidden": "true" });

function slider({ label, threshold }, index) {
  thresholds[label] = Math.max(threshold, LOWEST);
  const input = make("input", { type: "range", id: `threshold-${index}`, min: LOWEST, max: 1, step: 0.01, value: thresholds[label] });
  input.addEventListener("input", () => {
    thresholds[label] = Number(input.value);
    paint();
  });
  const name = make("label", { for: input.id }, swatch(label), label);
  return make("div", { class: "threshold" }, name, make("output", { id: `count-${index}`, for: input.id }), input);
}

function readFiles(files) {
  const input = (file) => {
    const inside = file.name.toLowerCase().replace(/\.(gz|zst)$/, "");
    const kind = KINDS[inside.split(".").pop()] ?? "text/plain";
    return { body: file, kind, name: file.name };
  };
  if (files.length) read(Array.from(files, input));
}

$("input").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = $("text").value;
  if (body.trim()) read([{ body, kind: "text/plain", name: "pasted" }]);
  else tell("There is no text yet: paste an article first.", true);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("input").requestSubmit();
});
$("files").addEventListener("change", ({ target }) => readFiles(target.files));
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", over);
    if (type === "drop") readFiles(event.dataTransfer.files);
  });
}

try {
  labels = (await ask("/v1/model")).labels;
  $("thresholds").append(...labels.map(slider));
} catch (error) {
  tell(error.message, true);
}
