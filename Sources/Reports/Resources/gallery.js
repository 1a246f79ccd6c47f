// Lets a reader choose the parts of a gallery.
document.querySelectorAll(".gallery").forEach(gallery => {
  const pieces = Array.from(gallery.querySelectorAll("section")).map(
    element => ({ element, cases: JSON.parse(element.dataset.cases) }));
  const bar = document.createElement("form"), count = document.createElement("output");
  const selects = JSON.parse(gallery.dataset.facets).map((name, index) => {
    const values = new Set(pieces.flatMap(piece => piece.cases.map(values => values[index])));
    const select = document.createElement("select"), label = document.createElement("label");
    select.add(new Option("all", ""));
    Array.from(values).sort().forEach(value => select.add(new Option(value)));
    label.append(name, select);
    bar.append(label);
    return select;
  });
  const apply = () => {
    const fits = values => selects.every(
      (select, index) => select.selectedIndex === 0 || select.value === values[index]);
    let shown = 0;
    pieces.forEach(piece => {
      const isShown = selects.every(select => select.selectedIndex === 0) || piece.cases.some(fits);
      piece.element.hidden = !isShown;
      shown += isShown ? 1 : 0;
    });
    count.textContent = `${shown} of ${pieces.length} shown`;
  };
  bar.className = "filter";
  bar.append(count);
  bar.addEventListener("change", apply);
  // A link to a piece must find it.
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target && gallery.contains(target)) { bar.reset(); apply(); }
  });
  gallery.prepend(bar);
  apply();
});
