// Sorts tables by a click on a column's head: up, down, and back to the order of the document.
(() => {
  const units = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400, KiB: 1024, MiB: 1048576, GiB: 1073741824 };
  const isMissing = text => text === "" || text === "–" || text === "none";

  // The first number of a field, or the sum of a time such as "1 min 3 s"; NaN for words.
  const number = text => {
    const plain = text.replace(/\u2212/g, "-").replace(/(\d)[,\u202f\u2009](?=\d{3})/g, "$1");
    const parts = Array.from(plain.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|h|d|KiB|MiB|GiB)(?![\w])/g));
    if (parts.length) return parts.reduce((sum, part) => sum + part[1] * units[part[2]], 0);
    const match = plain.match(/^[^\w+-]*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![A-Za-z])/);
    return match ? parseFloat(match[1]) : NaN;
  };

  const words = (row, column) => (row.cells[column]?.textContent ?? "").trim();

  const order = (rows, column, sign) => {
    const texts = new Map(rows.map(row => [row, words(row, column)]));
    const shown = rows.filter(row => !isMissing(texts.get(row)));
    const areNumbers = shown.every(row => !Number.isNaN(number(texts.get(row))));
    const compare = (one, other) => areNumbers
      ? number(texts.get(one)) - number(texts.get(other))
      : texts.get(one).localeCompare(texts.get(other), undefined, { numeric: true });
    // Missing values stay at the end in both directions.
    return shown.sort((one, other) => sign * compare(one, other))
      .concat(rows.filter(row => isMissing(texts.get(row))));
  };

  document.querySelectorAll("main table").forEach(table => {
    const body = table.tBodies[0], heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
    const original = Array.from(body?.rows ?? []);
    // A total in bold, and what follows it, stay below the others.
    const total = original.findIndex((row, place) => place > 1 && row.cells[0]?.querySelector(":scope > strong"));
    const end = 0 > total ? original.length : total;
    const sortable = original.slice(0, end);
    // Rows under heads stay there: a head is a name without values.
    const isHead = row => Array.from(row.cells).slice(1).every(cell => !cell.textContent.trim());
    // Two columns are names with values, in an order that matters.
    if (sortable.length < 3 || heads.length < 3 || original.some(isHead)) return;
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const after = before === "ascending" ? "descending" : before === "descending" ? null : "ascending";
        heads.forEach(other => other.removeAttribute("aria-sort"));
        if (after) head.setAttribute("aria-sort", after);
        const rows = after ? order(sortable, column, after === "ascending" ? 1 : -1) : sortable;
        body.append(...rows, ...original.slice(end));
      });
    });
  });

  // A table that is wider than the page is scrolled by keys, too.
  const reach = () => document.querySelectorAll("main .table").forEach((box, place) => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `Table ${place + 1}, scrolls sideways`);
    } else {
      ["tabindex", "role", "aria-label"].forEach(name => box.removeAttribute(name));
    }
  });
  reach();
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
})();
