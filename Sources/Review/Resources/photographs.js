// The two photographs of the pair: fetching them, and showing them with the same zoom, shift, light and turns.
"use strict";
const element = id => document.getElementById(id);
const panes = ["query", "candidate"].map(id => {
  const figure = element(id);
  return { id, figure, stage: figure.querySelector(".stage"), image: figure.querySelector("img"),
    caption: figure.querySelector("figcaption"), strip: figure.querySelector(".strip"), photograph: null, turn: 0 };
});
// What both photographs share: the zoom, and the shift in shares of a pane.
const look = { zoom: 1, x: 0, y: 0, marks: false, whole: false, isTurned: false };
let pair = null;

// Pictures: fetched once, and the last forty kept

const pictures = new Map();

function picture(path) {
  let known = pictures.get(path);
  if (known) pictures.delete(path);
  else known = fetch(path).then(response => response.ok ? response.blob() : Promise.reject(response.status))
    .then(blob => URL.createObjectURL(blob));
  pictures.set(path, known);
  known.catch(() => pictures.delete(path));
  if (pictures.size > 40) {
    const [oldest, address] = pictures.entries().next().value;
    pictures.delete(oldest);
    address.then(URL.revokeObjectURL, () => {});
  }
  return known;
}

const pathOf = (photograph, size) => `picture/${photograph.picture}/${size}${look.whole ? "?whole" : ""}`;

async function load(pane) {
  const path = pathOf(pane.photograph, look.zoom > 1.6 ? 4000 : 1400);
  pane.path = path;
  try {
    const address = await picture(path);
    if (pane.path !== path) return;
    pane.stage.classList.remove("missing");
    pane.image.src = address;
    await pane.image.decode();
    align();
  } catch {
    if (pane.path !== path) return;
    pane.stage.classList.add("missing");
    pane.image.removeAttribute("src");
  }
  draw();
}

// Turns the candidate as the matched marks say, unless the person has turned a photograph: the rotation with the least
// squared distance between the marks of both (Kabsch, 1976).
function align() {
  const own = pair?.marks?.filter(mark => mark.isExplained) ?? [];
  const isFirst = panes[0].photograph?.picture === pair?.query.picture
    && panes[1].photograph?.picture === pair?.candidate.picture;
  if (own.length < 4 || look.isTurned || look.whole || !isFirst) return;
  const ends = panes.map(({ image }, side) => own.map(mark => side
    ? [mark.x * image.naturalWidth, mark.y * image.naturalHeight]
    : [mark.queryX * image.naturalWidth, mark.queryY * image.naturalHeight]));
  const middles = ends.map(end => [0, 1].map(axis => end.reduce((sum, place) => sum + place[axis], 0) / end.length));
  let [dot, cross] = [0, 0];
  own.forEach((_, place) => {
    const [one, other] = ends.map((end, side) => [0, 1].map(axis => end[place][axis] - middles[side][axis]));
    dot += one[0] * other[0] + one[1] * other[1];
    cross += other[0] * one[1] - other[1] * one[0];
  });
  if (dot || cross) panes[1].turn = Math.round(Math.atan2(cross, dot) * 180 / Math.PI);
}

// The look of both photographs

function draw() {
  const filter = `brightness(${element("brightness").value}) contrast(${element("contrast").value})`;
  for (const pane of panes) {
    const { image, stage } = pane;
    image.style.filter = filter;
    image.hidden = !image.naturalWidth;
    if (image.hidden) continue;
    const [width, height] = [stage.clientWidth, stage.clientHeight], angle = pane.turn * Math.PI / 180;
    const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    const [own, tall] = [image.naturalWidth, image.naturalHeight];
    const scale = Math.min(width / (own * cos + tall * sin), height / (own * sin + tall * cos));
    image.style.width = `${own * scale}px`;
    image.style.height = `${tall * scale}px`;
    image.style.transform = `translate(-50%, -50%) translate(${look.x * width}px, ${look.y * height}px) `
      + `scale(${look.zoom}) rotate(${pane.turn}deg)`;
    // From the middle of the pane.
    pane.place = (x, y) => {
      const [right, down] = [(x - 0.5) * own * scale * look.zoom, (y - 0.5) * tall * scale * look.zoom];
      return [look.x * width + right * Math.cos(angle) - down * Math.sin(angle),
        look.y * height + right * Math.sin(angle) + down * Math.cos(angle)];
    };
  }
  element("zoom").value = Math.log2(look.zoom);
  document.querySelector("[data-action=marks]").setAttribute("aria-pressed", look.marks);
  document.querySelector("[data-action=whole]").setAttribute("aria-pressed", look.whole);
  drawMarks();
}

function drawMarks() {
  const svg = element("marks"), own = pair?.marks;
  svg.replaceChildren();
  const fits = own && look.marks && !look.whole && panes.every(pane => !pane.image.hidden)
    && panes[0].photograph.picture === pair.query.picture && panes[1].photograph.picture === pair.candidate.picture;
  if (!fits) return;
  const ground = svg.getBoundingClientRect();
  const shape = (name, kind, values) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    made.setAttribute("class", kind);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    svg.append(made);
  };
  for (const mark of own) {
    const ends = [[mark.queryX, mark.queryY], [mark.x, mark.y]].map(([x, y], side) => {
      const stage = panes[side].stage.getBoundingClientRect(), [right, down] = panes[side].place(x, y);
      const inside = Math.abs(right) <= stage.width / 2 && Math.abs(down) <= stage.height / 2;
      return inside
        ? [stage.left + stage.width / 2 + right - ground.left, stage.top + stage.height / 2 + down - ground.top] : null;
    });
    const kind = mark.isExplained ? "explained" : "other";
    for (const end of ends) if (end) shape("circle", kind, { cx: end[0], cy: end[1], r: 5 });
    if (ends[0] && ends[1]) {
      shape("line", kind, { x1: ends[0][0], y1: ends[0][1], x2: ends[1][0], y2: ends[1][1] });
    }
  }
}

function zoom(factor, x = 0, y = 0) {
  const before = look.zoom;
  look.zoom = Math.min(16, Math.max(1, look.zoom * factor));
  // The place under the pointer stays.
  const change = look.zoom / before;
  look.x = x - (x - look.x) * change;
  look.y = y - (y - look.y) * change;
  if (look.zoom === 1) look.x = look.y = 0;
  move(0, 0);
  if ((before > 1.6) !== (look.zoom > 1.6)) for (const pane of panes) if (pane.photograph) load(pane);
}

function move(x, y) {
  const most = look.zoom / 2;
  look.x = Math.min(most, Math.max(-most, look.x + x));
  look.y = Math.min(most, Math.max(-most, look.y + y));
  draw();
}

function step(id, change) {
  const input = element(id);
  input.value = Number(input.value) + change;
  draw();
}

function turn(pane, degrees) {
  look.isTurned = true;
  pane.turn = (pane.turn + degrees) % 360;
  draw();
}
