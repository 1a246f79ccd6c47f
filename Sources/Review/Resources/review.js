// The page on which a person decides. It talks only to the server that it came from. photographs.js comes before it.
"use strict";
const token = location.pathname.split("/")[1];
const filters = element("filters"), reviewer = element("reviewer");
const verdicts = Array.from(document.querySelectorAll("[data-verdict]"));
const words = { same: "same", different: "different", "cannot-tell": "cannot tell", new: "new animal",
  "not-usable": "not usable" };
let busy = false, failed = null, shown = new Set(), since = 0, spent = 0;

// The server

async function ask(path, body) {
  const options = body
    ? { method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-Whalebook-Token": token } }
    : {};
  const response = await fetch(path, options);
  if (!response.ok) throw Object.assign(new Error((await response.text()).trim()), { status: response.status });
  return response.json();
}

function report(error) {
  const alert = element("alert");
  alert.hidden = !error;
  alert.textContent = !error ? "" : error.status
    ? error.message
    : "The server does not respond. Start 'whalebook review' again and open the address that it prints.";
}

const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), byte =>
  byte.toString(16).padStart(2, "0")).join("");

// Moving through the queue

function choices() {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value) values.set(name, value);
  return values;
}

async function go(step, from) {
  if (busy) return;
  busy = true;
  try {
    const values = choices();
    values.set("step", step);
    values.set("reviewer", reviewer.value.trim());
    if (from !== undefined) values.set("pair", from);
    show(await ask("place?" + values));
    report(null);
  } catch (error) {
    report(error);
  }
  busy = false;
}

async function decide(verdict) {
  if (busy || !pair) return;
  if (!reviewer.value.trim()) {
    element("saved").textContent = "Write your name first: every decision says who made it.";
    reviewer.focus();
    return;
  }
  // The same decision keeps its id when it is sent again, so that it is stored once.
  if (!failed || failed.pair !== pair.pair || failed.verdict !== verdict) {
    failed = { id: newID(), pair: pair.pair, verdict, reviewer: reviewer.value.trim(), shown: [...shown],
      seconds: Math.round((spent + (document.hidden ? 0 : performance.now() - since)) / 100) / 10 };
  }
  busy = true;
  try {
    const stored = await ask("decision", failed);
    failed = null;
    busy = false;
    element("saved").textContent = `Saved: ${words[verdict]}. U takes it back.`;
    await go("next", stored.pair);
  } catch (error) {
    report(error);
    element("saved").textContent = `Not saved: ${words[verdict]}.`;
  }
  busy = false;
}

async function undo() {
  if (busy) return;
  busy = true;
  try {
    const undone = await ask("undo", { id: newID(), reviewer: reviewer.value.trim() });
    busy = false;
    element("saved").textContent = "Your last decision is taken back.";
    if (undone.pair !== undefined) await go("here", undone.pair); else await go("here", pair?.pair);
  } catch (error) {
    if (error.status === 409) element("saved").textContent = "You have no decision to take back."; else report(error);
  }
  busy = false;
}

// Showing a pair

function show(place) {
  const { progress } = place;
  pair = place.pair ?? null;
  const done = progress.pairs - progress.open;
  element("bar").value = progress.pairs ? done / progress.pairs : 1;
  const parts = [`${done} of ${progress.pairs}`];
  if (progress.open && progress.minutesLeft !== undefined) parts.push(`about ${duration(progress.minutesLeft)} left`);
  if (progress.disputed) parts.push(`${progress.disputed} disputed`);
  if (progress.unclear) parts.push(`${progress.unclear} unclear`);
  if (place.place) parts.push(`pair ${place.place} of ${progress.selected} shown`);
  element("counts").textContent = parts.join(" · ");
  problems(progress.problems);
  for (const button of verdicts) button.disabled = !pair;
  shown = new Set();
  [since, spent] = [performance.now(), 0];
  look.zoom = 1; look.x = look.y = 0;
  look.isTurned = false;
  for (const pane of panes) pane.turn = 0;
  if (!pair) {
    const isAll = !progress.open && filters.elements.state.value === "open";
    element("question").textContent = isAll ? "Every pair is decided." : "No pair fits the filters.";
    element("evidence").textContent = isAll
      ? "Apply the decisions with 'whalebook catalog DIR --apply FILE --output NEW'." : "";
    element("decisions").textContent = "";
    for (const pane of panes) clear(pane);
    draw();
    return;
  }
  history.replaceState(null, "", "#" + new URLSearchParams([...choices(), ["pair", pair.pair]]));
  document.title = `${pair.question} Review`;
  element("question").textContent = pair.question;
  const own = pair.rivals.findIndex(rival => rival.pair === pair.pair);
  element("evidence").textContent = pair.evidence + (pair.rivals.length > 1
    ? ` Candidate ${own + 1} of ${pair.rivals.length}.` : "");
  element("decisions").textContent = pair.decisions.map(decision =>
    `${decision.reviewer}: ${words[decision.verdict]} (${decision.time.replace("T", " ").replace("Z", " UTC")})`)
    .join(" · ") + (pair.status === "settled" ? "Settled by another candidate of this photograph." : "");
  const mine = pair.decisions.find(decision => decision.reviewer === reviewer.value.trim());
  for (const button of verdicts) {
    button.querySelector("small").textContent = pair.effects[button.dataset.verdict] ?? "";
    button.classList.toggle("mine", mine?.verdict === button.dataset.verdict);
  }
  panes[1].turn = 90 * pair.turns;
  fill(panes[0], pair.query, pair.queryStrip);
  fill(panes[1], pair.candidate, pair.candidateStrip);
  const marks = document.querySelector("[data-action=marks]");
  marks.disabled = !pair.marks?.length;
  document.querySelector("[data-action=rival]").disabled = new Set(pair.rivals.map(rival => rival.name)).size < 2;
  draw();
  ahead();
}

function duration(minutes) {
  if (minutes < 1.5) return "a minute";
  return minutes < 90 ? `${Math.round(minutes)} minutes` : `${Math.round(minutes / 60)} hours`;
}

function problems(lines) {
  const details = element("problems");
  details.hidden = !lines.length;
  details.querySelector("summary").textContent = "Some lines of the decisions' file cannot be read; they are kept.";
  details.querySelector("ul").replaceChildren(...lines.map(line => make("li", line)));
}

function make(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function facts(photograph) {
  return [photograph.date, photograph.place, photograph.encounter && `encounter ${photograph.encounter}`,
    photograph.viewpoint && `${photograph.viewpoint} view`].filter(Boolean);
}

function describe(photograph) {
  return [photograph.isNew ? "New photograph" : photograph.name ?? "No name", ...facts(photograph)].join(", ");
}

function clear(pane) {
  pane.photograph = null;
  pane.image.removeAttribute("src");
  pane.caption.replaceChildren();
  pane.strip.replaceChildren();
}

function fill(pane, photograph, others) {
  const all = [photograph, ...others];
  pane.strip.replaceChildren(...all.map((other, place) => {
    const button = document.createElement("button"), image = new Image();
    button.setAttribute("aria-label", `Show ${describe(other)}, ${other.id}`);
    image.src = `picture/${other.picture}/220`;
    image.alt = "";
    image.loading = "lazy";
    button.append(image, make("small", (place < 9 ? `${place + 1} ` : "") + (other.viewpoint ?? "")));
    button.addEventListener("click", () => choose(pane, other));
    button.photograph = other;
    return button;
  }));
  pane.strip.hidden = all.length < 2;
  choose(pane, photograph);
}

function choose(pane, photograph) {
  pane.photograph = photograph;
  shown.add(photograph.picture);
  pane.image.alt = describe(photograph);
  const name = make("strong", photograph.isNew ? "New photograph" : photograph.name ?? "No name");
  const file = photograph.id.split("/").pop();
  pane.caption.replaceChildren(name, ...[...facts(photograph), file].map(text => make("span", text)));
  for (const button of pane.strip.children) {
    button.setAttribute("aria-pressed", button.photograph.picture === photograph.picture);
  }
  load(pane);
}

// Fetches the next pair's pictures while the person looks at this one.
async function ahead() {
  const own = pair.pair, values = choices();
  values.set("step", "next");
  values.set("pair", own);
  values.set("reviewer", reviewer.value.trim());
  await Promise.all(panes.map(pane => picture(pane.path).catch(() => {})));
  if (pair?.pair !== own) return;
  const next = await ask("place?" + values).catch(() => null);
  if (!next?.pair || pair?.pair !== own) return;
  for (const photograph of [next.pair.query, next.pair.candidate]) picture(pathOf(photograph, 1400)).catch(() => {});
}

const actions = {
  previous: () => go("previous", pair?.pair),
  next: () => go("next", pair?.pair),
  rival: () => pair && go("rival", pair.pair),
  undo,
  marks: () => { look.marks = !look.marks; draw(); },
  whole: () => {
    look.whole = !look.whole;
    for (const pane of panes) if (pane.photograph) load(pane);
  },
  turn: () => turn(panes[1], 90),
  reset: () => {
    look.zoom = 1; look.x = look.y = 0;
    element("brightness").value = element("contrast").value = 1;
    panes[0].turn = 0;
    panes[1].turn = 90 * (pair?.turns ?? 0);
    look.isTurned = false;
    align();
    draw();
  },
};

// Keys, buttons and the mouse

const keys = {
  s: () => decide("same"), d: () => decide("different"), c: () => decide("cannot-tell"), n: () => decide("new"),
  x: () => decide("not-usable"), u: undo, a: actions.rival, m: actions.marks, w: actions.whole, "0": actions.reset,
  ArrowRight: actions.next, ArrowLeft: actions.previous, "+": () => zoom(1.25), "=": () => zoom(1.25),
  "-": () => zoom(0.8), b: () => step("brightness", 0.1), B: () => step("brightness", -0.1),
  g: () => step("contrast", 0.1), G: () => step("contrast", -0.1), r: () => turn(panes[1], 90),
  R: () => turn(panes[1], 10), l: () => turn(panes[0], 90), L: () => turn(panes[0], 10),
  "?": () => element("help").showModal(), "/": () => toggleFilters(true),
};
const shifted = { ArrowRight: [-0.1, 0], ArrowLeft: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || element("help").open) return;
  const isTyping = event.target.matches("input:not([type=range]), select");
  if (event.key === "Escape") {
    toggleFilters(false);
    element("question").focus();
    return;
  }
  if (isTyping || event.target.matches("[type=range]") && event.key.startsWith("Arrow")) return;
  const digit = event.code.match(/^(?:Digit|Numpad)([1-9])$/);
  let action = keys[event.key] ?? (event.shiftKey ? null : keys[event.key.toLowerCase()]);
  if (event.shiftKey && shifted[event.key]) action = () => move(...shifted[event.key]);
  if (digit) action = () => panes[event.shiftKey ? 0 : 1].strip.children[digit[1] - 1]?.click();
  if (!action) return;
  event.preventDefault();
  if (!event.repeat || event.shiftKey || "+-=bBgG".includes(event.key)) action();
});

for (const button of verdicts) button.addEventListener("click", () => decide(button.dataset.verdict));
for (const button of document.querySelectorAll("[data-action]")) {
  button.addEventListener("click", () => actions[button.dataset.action]());
}
for (const id of ["brightness", "contrast"]) element(id).addEventListener("input", draw);
element("zoom").addEventListener("input", event => zoom(2 ** event.target.value / look.zoom));
element("show-help").addEventListener("click", () => element("help").showModal());
element("show-filters").addEventListener("click", () => toggleFilters(filters.hidden));

function toggleFilters(isOpen) {
  filters.hidden = !isOpen;
  element("show-filters").setAttribute("aria-expanded", isOpen);
  if (isOpen) filters.elements.state.focus();
  draw();
}

filters.addEventListener("change", () => go("here"));
filters.addEventListener("reset", () => setTimeout(() => go("here")));
filters.addEventListener("submit", event => event.preventDefault());
reviewer.addEventListener("change", () => {
  try { localStorage.setItem("whalebook.reviewer", reviewer.value.trim()); } catch { /* It is asked again. */ }
  go("here", pair?.pair);
});

for (const pane of panes) {
  let last = null;
  pane.stage.addEventListener("wheel", event => {
    event.preventDefault();
    const place = pane.stage.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, (event.clientX - place.left) / place.width - 0.5,
      (event.clientY - place.top) / place.height - 0.5);
  }, { passive: false });
  pane.stage.addEventListener("pointerdown", event => {
    last = [event.clientX, event.clientY];
    pane.stage.setPointerCapture(event.pointerId);
    pane.stage.classList.add("dragging");
  });
  pane.stage.addEventListener("pointermove", event => {
    if (!last) return;
    move((event.clientX - last[0]) / pane.stage.clientWidth, (event.clientY - last[1]) / pane.stage.clientHeight);
    last = [event.clientX, event.clientY];
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pane.stage.addEventListener(end, () => { last = null; pane.stage.classList.remove("dragging"); });
  }
  pane.image.draggable = false;
}
new ResizeObserver(draw).observe(element("panes"));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) spent += performance.now() - since; else since = performance.now();
});

// The beginning

const labels = {
  source: { season: "new photographs", merge: "two names, one animal?", split: "one name, two animals?",
    query: "failed queries" },
  probability: value => value === "none" ? "unknown" : `${value}0–${Number(value) + 1}0%`,
};

async function begin() {
  try {
    const facets = await ask("facets");
    element("title").textContent = facets.title;
    try { reviewer.value = localStorage.getItem("whalebook.reviewer") ?? ""; } catch { /* No storage. */ }
    reviewer.value ||= facets.reviewer;
    const before = new URLSearchParams(location.hash.slice(1));
    for (const name of ["source", "view", "year", "place", "probability", "cause"]) {
      const select = filters.elements[name], values = facets[name].filter(Boolean);
      const label = value => typeof labels[name] === "function" ? labels[name](value) : labels[name]?.[value] ?? value;
      select.replaceChildren(new Option("all", ""), ...values.map(value => new Option(label(value), value)));
      select.parentElement.hidden = values.length < 2;
    }
    for (const [name, value] of before) if (filters.elements[name]) filters.elements[name].value = value;
    await go("here", before.get("pair") ?? undefined);
  } catch (error) {
    report(error);
  }
}
begin();
