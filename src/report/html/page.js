// The list of sentences. Charts and tables are links with a filter as their fragment: `#label=0&source=3&once=1`.
// Whatever comes from the articles becomes text, never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const claims = data.claims.map((row, number) => {
  const [article, sentence, text, labels, counted, percent, speaker, relations, evidence, answers, firstPrint] = row;
  return { number, article: data.articles[article], sentence, text, labels, counted, percent, speaker, relations, evidence, answers,
    firstPrint, answered: answers.length > 0 };
});
for (const claim of claims) {
  for (const [denial] of claim.answers) {
    (claims[denial].answersTo ??= []).push(claim.number);
  }
}

const form = document.getElementById("filters");
const list = document.getElementById("list");
const FIELDS = ["from", "to", "outlet", "actor", "source", "target", "answered", "q", "sort"];
const ACTOR_FIELDS = ["actor", "source", "target"];
// Filters that only links set.
const HIDDEN = ["undated", "least", "most", "claim"];
const UNNAMED = "not named";

// An element with a class, attributes and children; strings become text.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// Names stand apart from their surroundings, whatever direction they are written in.
const isolated = (text) => element("bdi", null, text);

// The fragment of the page → what is filtered.
function readFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  const filter = { label: (given.get("label") ?? "").split(",").filter((n) => n in data.labels).map(Number) };
  for (const name of [...FIELDS, ...HIDDEN]) {
    filter[name] = given.get(name) ?? "";
  }
  filter.p = Math.min(100, Math.max(0, Number(given.get("p")) || 0));
  filter.once = data.clustered && given.get("once") === "1";
  return filter;
}

function writeFragment(filter) {
  const given = new URLSearchParams();
  if (filter.label.length > 0) given.set("label", filter.label.join(","));
  for (const name of [...FIELDS, ...HIDDEN]) {
    if (filter[name] !== "") given.set(name, filter[name]);
  }
  if (filter.p > 0) given.set("p", filter.p);
  given.set("once", filter.once ? 1 : 0);
  history.replaceState(null, "", "#" + given);
}

// What a field about actors holds: the number of one, `none`, or a part of names after `~`.
function actorOf(typed) {
  const name = typed.trim();
  if (name === "") return "";
  if (name.toLowerCase() === UNNAMED) return "none";
  const number = data.actors.indexOf(name);
  return number >= 0 ? String(number) : "~" + name;
}

function actorName(value) {
  if (value === "none") return UNNAMED;
  return value.startsWith("~") ? value.slice(1) : data.actors[value] ?? "";
}

function readForm(hidden) {
  const given = new FormData(form);
  const filter = { ...hidden, label: given.getAll("label").map(Number) };
  for (const name of FIELDS) {
    const value = given.get(name) ?? "";
    filter[name] = ACTOR_FIELDS.includes(name) ? actorOf(value) : value;
  }
  filter.p = Number(given.get("p"));
  filter.once = given.has("once");
  return filter;
}

function fillForm(filter) {
  for (const box of form.querySelectorAll("[name=label]")) {
    box.checked = filter.label.includes(Number(box.value));
  }
  for (const name of FIELDS) {
    form.elements[name].value = ACTOR_FIELDS.includes(name) ? actorName(filter[name]) : filter[name];
  }
  form.elements.p.value = filter.p;
  form.elements.once.checked = filter.once;
}

// Whether an actor is meant: `null` for any.
function isMeant(value) {
  if (value === "") return null;
  if (!value.startsWith("~")) return (number) => number === Number(value);
  const part = value.slice(1).toLowerCase();
  const meant = new Set();
  data.actors.forEach((name, number) => name.toLowerCase().includes(part) && meant.add(number));
  return (number) => meant.has(number);
}

function sideTest(value) {
  if (value === "none") return (side) => side.length === 0;
  const meant = isMeant(value);
  return meant && ((side) => side.some(meant));
}

// Tests for a claim and for those of its labels that count.
function tests(filter) {
  const found = [];
  const { from, to, undated, outlet, least, most } = filter;
  if (filter.claim !== "") {
    const claim = claims[filter.claim];
    const thread = new Set(claim && [claim.number, ...claim.answers.map(([denial]) => denial), ...(claim.answersTo ?? [])]);
    found.push((claim) => thread.has(claim.number));
  }
  if (from !== "") found.push((claim) => claim.article[2] !== null && claim.article[2] >= from);
  if (to !== "") found.push((claim) => claim.article[2] !== null && claim.article[2] <= to);
  if (undated !== "") found.push((claim) => claim.article[2] === null);
  if (outlet !== "") found.push((claim) => claim.article[4] === Number(outlet));
  if (filter.p > 0) {
    found.push((claim, labels) => labels.some((label) => claim.percent[label] >= filter.p));
  }
  const [source, target] = [sideTest(filter.source), sideTest(filter.target)];
  if (source || target) {
    found.push((claim, labels) => sides(claim, labels).some(([, sources, targets]) =>
      (!source || source(sources)) && (!target || target(targets))));
  }
  const actor = filter.actor === "none" ? (number) => number === null : isMeant(filter.actor);
  if (actor) {
    found.push((claim) => (claim.speaker !== null && actor(claim.speaker))
      || claim.relations.some(([, sources, targets]) => sources.some(actor) || targets.some(actor)));
  }
  const accuses = (claim, labels) => labels.includes(data.accusation);
  if (filter.answered !== "") {
    const wanted = filter.answered === "yes";
    found.push((claim, labels) => accuses(claim, labels) && claim.answered === wanted);
  }
  if (least !== "") {
    const upTo = most === "" ? Infinity : Number(most);
    found.push((claim, labels) => {
      if (!accuses(claim, labels) || !claim.answered) return false;
      const days = Math.min(...claim.answers.map((answer) => answer[2]));
      return days >= Number(least) && days <= upTo;
    });
  }
  const words = filter.q.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length > 0) {
    found.push((claim) => {
      const text = (claim.text + " " + (claim.article[1] ?? "")).toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }
  return found;
}

const NOBODY = [[], []];
// The relations of labels that count; a label that has none names nobody.
function sides(claim, labels) {
  const found = claim.relations.filter(([label]) => labels.includes(label));
  return found.length > 0 ? found : [[null, ...NOBODY]];
}

function select(filter) {
  const applied = tests(filter);
  const chosen = new Set(filter.label);
  const counts = data.labels.map(() => 0);
  const found = [];
  for (const claim of claims) {
    let labels = filter.once ? claim.counted : claim.labels;
    if (chosen.size > 0) labels = labels.filter((label) => chosen.has(label));
    if (labels.length > 0 && applied.every((test) => test(claim, labels))) {
      for (const label of labels) counts[label] += 1;
      found.push(claim);
    }
  }
  if (filter.sort === "newest") found.reverse();
  if (filter.sort === "probable") {
    const most = new Map(found.map((claim) => [claim, Math.max(...claim.labels.map((label) => claim.percent[label] ?? 0))]));
    found.sort((a, b) => most.get(b) - most.get(a));
  }
  return { found, counts };
}

// The sentence with what counted marked: underlined, and the paler the less it weighs.
function marked(claim) {
  const ends = new Set([0, claim.text.length]);
  for (const [, , start, end] of claim.evidence) ends.add(start).add(end);
  const bounds = [...ends].sort((a, b) => a - b);
  const said = element("p", { class: "said", dir: "auto" });
  const most = Math.max(...claim.evidence.map((evidence) => evidence[4]));
  for (let at = 0; at + 1 < bounds.length; at += 1) {
    const [start, end] = [bounds[at], bounds[at + 1]];
    const piece = claim.text.slice(start, end);
    const terms = claim.evidence.filter((evidence) => evidence[2] <= start && evidence[3] >= end);
    if (terms.length === 0) {
      said.append(piece);
      continue;
    }
    const heaviest = terms.reduce((a, b) => (b[4] > a[4] ? b : a));
    const weak = heaviest[4] < most / 2 ? " weak" : "";
    said.append(element("mark", { class: `label-${heaviest[0] % 6}${weak}`, title: terms.map(termText).join(", ") }, piece));
  }
  return said;
}

const termText = ([label, term, , , weight]) => `${data.labels[label]}: ${data.terms[term]} ${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;

function evidenceNote(claim) {
  const notes = claim.labels.map((label) => {
    const terms = claim.evidence.filter((evidence) => evidence[0] === label);
    const weights = terms.map((evidence) => termText(evidence).slice(data.labels[label].length + 2));
    return weights.length > 0 ? `${data.labels[label]}: ${weights.join(", ")}` : null;
  });
  const text = notes.filter((note) => note !== null).join(" · ");
  return text === "" ? null : element("p", { class: "note" }, text);
}

function namesOf(actors) {
  if (actors.length === 0) return ["?"];
  return actors.flatMap((actor, at) => [at > 0 ? ", " : "", isolated(data.actors[actor])]);
}

const areMutual = (sources, targets) => sources.length > 0 && sources.join() === targets.join();

function relationNotes(claim) {
  return claim.relations
    .filter(([, sources, targets]) => sources.length + targets.length > 0)
    .map(([label, sources, targets]) =>
      element("p", { class: "note" }, ...(claim.relations.length > 1 ? [`${data.labels[label]}: `] : []),
        ...namesOf(sources), ...(areMutual(sources, targets) ? [" ↔ one another"] : [" → ", ...namesOf(targets)])));
}

const delayText = (days, score) => `${days === 0 ? "the same day" : days === 1 ? "1 day later" : `${days} days later`}, ${score} % probable`;

function jump(number, text) {
  return element("a", { class: "jump", href: `#claim=${number}&once=0` }, text);
}

function answerList(claim) {
  const MOST = 3;
  const items = [];
  for (const [denial, score, days] of claim.answers.slice(0, MOST)) {
    items.push(element("li", null, `answered ${delayText(days, score)}: `, isolated(claims[denial].text)));
  }
  for (const accusation of (claim.answersTo ?? []).slice(0, MOST)) {
    items.push(element("li", null, "answers: ", isolated(claims[accusation].text)));
  }
  if (items.length === 0) return [];
  const rest = claim.answers.length + (claim.answersTo ?? []).length - items.length;
  const more = rest > 0 ? `Show these and ${rest} more` : "Show them in their articles";
  return [element("ul", null, ...items), jump(claim.number, more)];
}

function claimElement(claim, place, total) {
  const [id, title, day, otherDate, outlet] = claim.article;
  const chips = claim.labels.map((label) =>
    element("span", { class: `chip label-${label % 6}` }, `${data.labels[label]} ${claim.percent[label] === null ? "" : `${Math.round(claim.percent[label])} %`}`));
  const where = [day ?? otherDate, outlet === null ? null : data.outlets[outlet], title, id].filter((part) => part !== null);
  const from = where.flatMap((part, at) => [at > 0 ? " · " : "", isolated(part)]);
  const speaker = claim.speaker === null ? null : element("p", { class: "note" }, "speaker: ", isolated(data.actors[claim.speaker]));
  const reprint = claim.firstPrint === null ? null
    : element("p", { class: "note" }, "reprint of ", jump(claim.firstPrint, "the first print"));
  return element("div", { class: "claim", role: "listitem", "aria-posinset": place + 1, "aria-setsize": total },
    element("div", { class: "head" }, ...chips, element("span", { class: "from" }, ...from, ` · sentence ${claim.sentence}`)),
    marked(claim), ...relationNotes(claim), speaker, evidenceNote(claim), reprint, ...answerList(claim));
}

// The list is cut into blocks, of which only those near the window are filled: its length does not slow it down.
const BLOCK = 20;
const MOST_LISTED = 50000;
const PRINTED = 200;
let shown = [];
let unlisted = 0;
let guess = 170;

function fill(block) {
  if (block.childElementCount > 0) return;
  const first = Number(block.dataset.first);
  const part = shown.slice(first, first + BLOCK);
  block.append(...part.map((claim, at) => claimElement(claim, first + at, shown.length)));
  block.style.height = "";
}

function empty(block) {
  if (block.childElementCount === 0 || block.contains(document.activeElement)) return;
  const height = block.offsetHeight;
  guess = height / block.childElementCount;
  block.replaceChildren();
  block.style.height = `${height}px`;
}

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) fill(entry.target);
    else empty(entry.target);
  }
}, { rootMargin: "800px 0px" });

function listed(found) {
  observer.disconnect();
  shown = found.slice(0, MOST_LISTED);
  const blocks = [];
  for (let first = 0; first < shown.length; first += BLOCK) {
    const block = element("div", { role: "presentation", "data-first": first });
    block.style.height = `${Math.round(guess * Math.min(BLOCK, shown.length - first))}px`;
    blocks.push(block);
  }
  list.replaceChildren(...blocks);
  if (blocks.length > 0) fill(blocks[0]);
  for (const block of blocks) observer.observe(block);
  unlisted = found.length - shown.length;
  tellMore();
}

function tellMore() {
  const more = unlisted > 0
    ? `The first ${shown.length.toLocaleString("en")} are listed; filters show the other ${unlisted.toLocaleString("en")}.` : "";
  document.getElementById("more").textContent = shown.length === 0 ? "No sentence passes these filters." : more;
}

const NAMES = {
  from: "from", to: "to", outlet: "outlet", actor: "actor", source: "source", target: "target", answered: "answered", q: "words",
  undated: "without a date", least: "days to the answer", claim: "one sentence and its answers",
};

function chip(text, without) {
  const button = element("button", { type: "button" }, isolated(text),
    element("span", { class: "remove", "aria-hidden": "true" }, " ×"), element("span", { class: "sr remove" }, " remove this filter"));
  button.addEventListener("click", () => change({ ...without, sort: state.sort }));
  return element("li", null, button);
}

function chips(filter) {
  const made = filter.label.map((label) => chip(data.labels[label], { ...filter, label: filter.label.filter((other) => other !== label) }));
  for (const [name, meaning] of Object.entries(NAMES)) {
    if (filter[name] === "") continue;
    let value = filter[name];
    if (ACTOR_FIELDS.includes(name)) value = actorName(value);
    if (name === "outlet") value = data.outlets[value] ?? "";
    if (name === "least") value = filter.most === "" ? `${value} or more` : value === filter.most ? value : `${value} to ${filter.most}`;
    const text = name === "undated" || name === "claim" ? meaning : `${meaning}: ${value}`;
    made.push(chip(text, { ...filter, [name]: "", most: name === "least" ? "" : filter.most }));
  }
  if (filter.p > 0) made.push(chip(`at least ${filter.p} %`, { ...filter, p: 0 }));
  if (filter.once) made.push(chip("each claim once", { ...filter, once: false }));
  document.getElementById("chips").replaceChildren(...made);
}

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

let state = readFragment();

function apply() {
  const { found, counts } = select(state);
  const parts = data.labels.map((label, number) => `${label} ${counts[number].toLocaleString("en")}`);
  const articles = new Set(found.map((claim) => claim.article));
  const outlets = new Set([...articles].map((article) => article[4]).filter((outlet) => outlet !== null));
  const ofOutlets = outlets.size > 0 ? ` of ${counted(outlets.size, "outlet")}` : "";
  document.getElementById("summary").textContent = `${found.length.toLocaleString("en")} of ${counted(claims.length, "sentence")}, `
    + `in ${counted(articles.size, "article")}${ofOutlets}: ${parts.join(", ")}`;
  document.getElementById("least-shown").textContent = `${state.p} %`;
  chips(state);
  listed(found);
}

function change(filter) {
  state = filter;
  fillForm(state);
  writeFragment(state);
  apply();
}

function changeByForm() {
  const hidden = Object.fromEntries(HIDDEN.map((name) => [name, state[name]]));
  state = readForm(hidden);
  writeFragment(state);
  apply();
}

function changeByFragment() {
  if (!location.hash.includes("=")) return;
  state = readFragment();
  fillForm(state);
  apply();
  document.getElementById("claims-title").focus({ preventScroll: true });
  document.getElementById("claims").scrollIntoView();
}

function prepareForm() {
  const boxes = data.labels.map((label, number) =>
    element("label", { class: `label-${number % 6}` }, element("input", { type: "checkbox", name: "label", value: number }),
      element("span", { class: "chip" }, label)));
  document.getElementById("labels").append(...boxes);
  const outlets = data.outlets.map((name, number) => [name, number]).sort((a, b) => a[0].localeCompare(b[0], "en"));
  form.elements.outlet.append(...outlets.map(([name, number]) => element("option", { value: number }, name)));
  const MOST_OFFERED = 2000;
  const offered = [UNNAMED, ...data.actors.slice(0, MOST_OFFERED)];
  document.getElementById("actors").append(...offered.map((name) => element("option", { value: name })));
  if (data.accusation === null) document.getElementById("answered").hidden = true;
  if (!data.clustered) form.elements.once.parentElement.hidden = true;
  if (matchMedia("(max-width: 60rem)").matches) document.querySelector(".filters").open = false;
}

prepareForm();
fillForm(state);
document.querySelector(".claims").hidden = false;
apply();
if (location.hash.includes("=")) changeByFragment();

let waiting;
form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  const isTyped = event.target.type === "search" || event.target.type === "range";
  waiting = setTimeout(changeByForm, isTyped ? 120 : 0);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  location.hash = "#once=0";
});
addEventListener("hashchange", changeByFragment);

// On paper stand the first sentences of those that are shown, wherever the window is.
addEventListener("beforeprint", () => {
  observer.disconnect();
  [...list.children].forEach((block, at) => {
    const isPrinted = at < PRINTED / BLOCK;
    block.hidden = !isPrinted;
    if (isPrinted) fill(block);
  });
  const rest = shown.length - PRINTED;
  if (rest > 0) document.getElementById("more").textContent = `${rest.toLocaleString("en")} more are not printed.`;
});
addEventListener("afterprint", () => {
  for (const block of list.children) {
    block.hidden = false;
    observer.observe(block);
  }
  tellMore();
});
