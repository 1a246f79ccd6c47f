// Opens a picture in a dialog: zoom and pan by mouse, touch and keys, and a second picture beside the first.
(() => {
  const most = 24;
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const button = (label, text, action) => {
    const element = make("button", "", text);
    element.type = "button";
    element.setAttribute("aria-label", label);
    element.title = label;
    element.addEventListener("click", action);
    return element;
  };

  const dialog = make("dialog", "viewer"), panes = make("div", "panes"), strip = make("div", "strip");
  const folder = document.querySelector("a.enlarge, a.photograph")?.getAttribute("href").split("/")[0];
  let items = [], active = 0, views = [];

  // MARK: One picture

  // A picture that lies on its side fits differently.
  const lying = view => {
    const [width, height] = [view.stage.clientWidth, view.stage.clientHeight];
    const [own, other] = [view.image.naturalWidth || 1, view.image.naturalHeight || 1];
    return view.turn % 180 ? Math.min(width / other, height / own) / Math.min(width / own, height / other) : 1;
  };
  const place = view => {
    const turn = view.turn ? ` scale(${lying(view)}) rotate(${view.turn}deg)` : "";
    view.image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})${turn}`;
    view.stage.classList.toggle("zoomed", view.scale > 1);
  };
  const limit = view => {
    const room = { x: view.stage.clientWidth, y: view.stage.clientHeight };
    const reach = axis => Math.max(0, (view.scale - 1) * room[axis] / 2 + (view.scale > 1 ? room[axis] / 4 : 0));
    ["x", "y"].forEach(axis => { view[axis] = Math.min(reach(axis), Math.max(-reach(axis), view[axis])); });
  };
  // Both pictures follow if they move together.
  const change = (view, alter) => {
    const moved = together.checked && views.length > 1 ? views : [view];
    moved.forEach(each => { alter(each); limit(each); place(each); });
  };
  // Keeps the point under the pointer, given from the middle of the stage.
  const zoom = (view, factor, x = 0, y = 0) => change(view, each => {
    const scale = Math.min(most, Math.max(1, each.scale * factor)), ratio = scale / each.scale;
    each.x = x - (x - each.x) * ratio;
    each.y = y - (y - each.y) * ratio;
    each.scale = scale;
  });
  const move = (view, x, y) => change(view, each => { each.x += x; each.y += y; });
  const turn = view => {
    view.turn = (view.turn + 90) % 360;
    place(view);
  };
  const fit = view => change(view, each => { each.scale = 1; each.x = 0; each.y = 0; });

  const middle = (view, event) => {
    const box = view.stage.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  };
  const listen = view => {
    const fingers = new Map();
    const spread = () => {
      const [one, other] = Array.from(fingers.values());
      return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    };
    view.stage.addEventListener("wheel", event => {
      event.preventDefault();
      zoom(view, Math.exp(-event.deltaY / 400), ...middle(view, event));
    }, { passive: false });
    view.stage.addEventListener("dblclick", event => {
      if (view.scale > 1) fit(view); else zoom(view, 3, ...middle(view, event));
    });
    view.stage.addEventListener("pointerdown", event => {
      view.stage.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, event);
    });
    view.stage.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const distance = fingers.size === 2 ? spread() : 0;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) zoom(view, spread() / distance, ...middle(view, event));
      else move(view, event.clientX - before.clientX, event.clientY - before.clientY);
    });
    ["pointerup", "pointercancel"].forEach(name => {
      view.stage.addEventListener(name, event => fingers.delete(event.pointerId));
    });
    view.pane.addEventListener("focusin", () => choose(views.indexOf(view)));
    view.pane.addEventListener("pointerdown", () => choose(views.indexOf(view)));
    view.stage.addEventListener("keydown", event => {
      const step = 60, arrows = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      if (!arrows[event.key]) return;
      event.preventDefault();
      move(view, ...arrows[event.key]);
    });
  };
  const add = () => {
    const view = { scale: 1, x: 0, y: 0, turn: 0, item: null };
    view.pane = make("figure", "pane");
    view.stage = make("div", "stage");
    view.image = make("img");
    view.caption = make("figcaption");
    view.stage.tabIndex = 0;
    view.image.draggable = false;
    view.image.addEventListener("error", () => {
      view.caption.textContent = `${view.item.title}: this picture is not next to the page. Keep the folder ${folder} with it.`;
    });
    view.stage.append(view.image);
    view.pane.append(view.stage, view.caption);
    panes.append(view.pane);
    views.push(view);
    listen(view);
    return view;
  };
  const show = (view, item) => {
    Object.assign(view, { item, scale: 1, x: 0, y: 0, turn: 0 });
    view.caption.textContent = item.title;
    view.image.alt = item.title;
    view.image.src = item.source;
    view.stage.setAttribute("role", "group");
    view.stage.setAttribute("aria-label", `${item.title}. Plus and minus zoom, arrow keys move.`);
    place(view);
    list();
  };

  // MARK: All of them

  const choose = index => {
    if (index === active) return;
    active = index;
    list();
  };
  const list = () => {
    views.forEach((view, index) => view.pane.classList.toggle("active", views.length > 1 && index === active));
    Array.from(strip.children).forEach((entry, index) => {
      const isShown = items[index] === views[active]?.item;
      if (isShown) entry.setAttribute("aria-current", "true"); else entry.removeAttribute("aria-current");
      if (isShown) entry.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  };
  const step = by => {
    const index = items.indexOf(views[active].item);
    show(views[active], items[(index + by + items.length) % items.length]);
  };
  const compare = () => {
    if (views.length > 1) {
      views.pop().pane.remove();
      active = 0;
      list();
    } else {
      // The query and its first match are next to each other; of a figure, the first two photographs.
      const photographs = items.filter(item => !item.isFigure);
      if (views[0].item.isFigure && photographs.length > 1) show(views[0], photographs[0]);
      const index = items.indexOf(views[0].item);
      const second = add();
      active = 1;
      show(second, items[(index + 1) % items.length]);
      views.forEach(fit);
    }
    const isPair = views.length > 1;
    beside.setAttribute("aria-pressed", String(isPair));
    dialog.classList.toggle("pair", isPair);
    views.forEach(view => { limit(view); place(view); });
  };

  const together = make("input");
  together.type = "checkbox";
  const bar = make("div", "bar"), label = make("label", "together", "Move together");
  label.prepend(together);
  const beside = button("Show two side by side", "Side by side", compare);
  beside.setAttribute("aria-pressed", "false");
  const previous = button("Previous picture", "◀", () => step(-1)), following = button("Next picture", "▶", () => step(1));
  bar.append(
    button("Zoom out", "−", () => zoom(views[active], 1 / 1.5)), button("Zoom in", "+", () => zoom(views[active], 1.5)),
    button("Fit into the window", "Fit", () => fit(views[active])),
    button("Turn to the right", "Turn", () => turn(views[active])), previous, following, beside, label,
    button("Close", "×", () => dialog.close()));
  bar.lastChild.className = "close";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Enlarged picture");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "Pictures to choose from");
  dialog.setAttribute("aria-label", "Enlarged picture");
  dialog.append(bar, panes, strip);
  dialog.addEventListener("keydown", event => {
    const keys = {
      "+": () => zoom(views[active], 1.5), "=": () => zoom(views[active], 1.5), "-": () => zoom(views[active], 1 / 1.5),
      0: () => fit(views[active]), r: () => turn(views[active]), PageUp: () => step(-1), PageDown: () => step(1),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  dialog.addEventListener("close", () => {
    panes.replaceChildren();
    views = [];
  });

  const described = link => {
    const image = link.querySelector("img");
    return image
      ? { isFigure: true, title: "The whole figure", source: image.src, link }
      : { isFigure: false, title: link.dataset.title ?? link.textContent, source: link.href, link };
  };
  // The pictures among which the reader can choose: those of the figure, the nearest on a map, those of the row of a
  // table, or of the whole table.
  const neighbours = link => {
    const figure = link.closest(".figure");
    if (link.matches(".point")) {
      const place = point => [parseFloat(point.style.left), parseFloat(point.style.top)], [x, y] = place(link);
      const distance = point => Math.hypot(place(point)[0] - x, place(point)[1] - y);
      return Array.from(figure.querySelectorAll("a.point")).sort((one, other) => distance(one) - distance(other))
        .slice(0, 12);
    }
    if (figure) return Array.from(figure.querySelectorAll("a.enlarge, a.place"));
    const photographs = box => Array.from(box?.querySelectorAll("a.photograph") ?? []);
    const row = photographs(link.closest("tr"));
    return row.length > 1 ? row : photographs(link.closest("table")).concat(link.closest("table") ? [] : [link]);
  };
  const open = link => {
    const known = new Map();
    neighbours(link).map(described).forEach(item => { if (!known.has(item.source)) known.set(item.source, item); });
    items = Array.from(known.values());
    strip.replaceChildren(...items.map(item => {
      const entry = make("button", "", item.isFigure ? "Figure" : item.title.split(", ")[0]);
      entry.type = "button";
      entry.title = item.title;
      entry.addEventListener("click", () => show(views[active], item));
      return entry;
    }));
    strip.hidden = previous.hidden = following.hidden = beside.hidden = 2 > items.length;
    label.hidden = 2 > items.length;
    active = 0;
    dialog.classList.remove("pair");
    beside.setAttribute("aria-pressed", "false");
    document.body.append(dialog);
    dialog.showModal();
    show(add(), known.get(described(link).source));
    views[0].stage.focus();
  };
  document.addEventListener("click", event => {
    const link = event.target.closest("a.photograph, a.enlarge");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
})();
