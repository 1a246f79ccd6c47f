// Shows the photograph of a point on a map of embeddings, under the pointer or with the keyboard's focus.
(() => {
  const data = JSON.parse(document.getElementById("whalebook-map").textContent);
  const reach = 14, gap = 12;
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.querySelectorAll(".figure[data-points]").forEach(figure => {
    const points = JSON.parse(figure.dataset.points);
    const group = document.createElement("span"), preview = document.createElement("span");
    const picture = document.createElement("span"), words = document.createElement("span");
    const image = figure.querySelector("img");
    let shown = -1;

    group.className = "points";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `${points.length} photographs on this map; arrow keys move from one to the next`);
    const elements = points.map(([x, y, index], place) => {
      const [title, path] = data.photographs[index];
      const element = document.createElement(path ? "a" : "button");
      if (path) { element.href = path; element.dataset.title = title; } else { element.type = "button"; }
      element.className = path ? "photograph point" : "point";
      element.setAttribute("aria-label", title);
      element.style.left = `${x / 100}%`;
      element.style.top = `${y / 100}%`;
      element.tabIndex = place === 0 ? 0 : -1;
      return element;
    });
    group.append(...elements);
    preview.className = "preview";
    preview.hidden = true;
    preview.setAttribute("aria-hidden", "true");
    picture.className = "thumbnail";
    preview.append(picture, words);
    figure.append(group, preview);

    const show = place => {
      shown = place;
      preview.hidden = 0 > place;
      image.style.cursor = 0 > place ? "" : "pointer";
      if (0 > place) return;
      const [x, y, index] = points[place], side = data.side;
      const [column, row] = [index % data.columns, Math.floor(index / data.columns)];
      picture.style.backgroundImage = `url("${data.sheet}")`;
      picture.style.backgroundSize = `${data.columns * side * 2}px ${data.rows * side * 2}px`;
      picture.style.backgroundPosition = `${-column * side * 2}px ${-row * side * 2}px`;
      picture.style.width = picture.style.height = `${side * 2}px`;
      words.textContent = data.photographs[index][0];
      // In the window and not in the figure, which a narrow window cuts off.
      const box = image.getBoundingClientRect();
      const aside = (point, length, room) => Math.max(
        4, Math.min(room - length - 4, point > room / 2 ? point - length - gap : point + gap));
      preview.style.left = `${aside(box.left + x / 10000 * box.width, preview.offsetWidth, innerWidth)}px`;
      preview.style.top = `${aside(box.top + y / 10000 * box.height, preview.offsetHeight, innerHeight)}px`;
    };
    const distances = ([x, y], box) => points.map(
      ([left, top]) => Math.hypot(left / 10000 * box.width - x, top / 10000 * box.height - y));
    const nearest = event => {
      const box = image.getBoundingClientRect();
      const all = distances([event.clientX - box.left, event.clientY - box.top], box);
      const place = all.indexOf(Math.min(...all));
      return reach > all[place] ? place : -1;
    };

    figure.addEventListener("pointermove", event => { show(nearest(event)); });
    document.addEventListener("scroll", () => { if (shown >= 0) show(shown); }, { capture: true, passive: true });
    figure.addEventListener("pointerleave", () => { if (!group.contains(document.activeElement)) show(-1); });
    figure.addEventListener("click", event => {
      // Enter on a point is a click without a place.
      if (elements.includes(event.target)) return;
      const place = nearest(event);
      if (0 > place) return;
      event.preventDefault();
      event.stopPropagation();
      show(place);
      if (elements[place].href) elements[place].click();
    }, true);
    group.addEventListener("focusin", event => { show(elements.indexOf(event.target)); });
    group.addEventListener("focusout", () => { show(-1); });
    group.addEventListener("keydown", event => {
      if (event.key === "Escape") show(-1);
      const direction = arrows[event.key];
      if (!direction) return;
      event.preventDefault();
      const from = elements.indexOf(event.target), [x, y] = points[from];
      // The next point in the direction: steps aside count three times.
      const cost = points.map(([left, top], place) => {
        const along = (left - x) * direction[0] + (top - y) * direction[1];
        const aside = Math.abs((left - x) * direction[1]) + Math.abs((top - y) * direction[0]);
        return place === from || 0 >= along ? Infinity : along + 3 * aside;
      });
      const next = cost.indexOf(Math.min(...cost));
      if (cost[next] === Infinity) return;
      elements[from].tabIndex = -1;
      elements[next].tabIndex = 0;
      elements[next].focus();
    });
  });
})();
