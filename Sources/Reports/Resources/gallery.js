// Lets a reader choose the rows of an index.
document.querySelectorAll(".gallery").forEach(gallery => {
  const cases = JSON.parse(gallery.dataset.cases);
  const rows = Array.from(gallery.querySelectorAll("tbody tr")).slice(0, cases.length).map(
    (element, place) => ({ element, cases: cases[place] }));
  // Parts that are folded at first; a choice opens those with a fitting row.
  const folds = Array.from(gallery.querySelectorAll("details")).filter(fold => fold.querySelector("tbody tr"));
  const bar = document.createElement("form"), count = document.createElement("output");
  const selects = JSON.parse(gallery.dataset.facets).map((name, index) => {
    const values = new Set(rows.flatMap(row => row.cases.map(values => values[index])));
    const select = document.createElement("select"), label = document.createElement("label");
    select.add(new Option("all", ""));
    Array.from(values).sort().forEach(value => select.add(new Option(value)));
    label.append(name, select);
    bar.append(label);
    return select;
  });
  const apply = event => {
    const isAll = selects.every(select => select.selectedIndex === 0);
    const fits = values => selects.every(
      (select, index) => select.selectedIndex === 0 || select.value === values[index]);
    const shown = rows.filter(row => {
      row.element.hidden = !isAll && !row.cases.some(fits);
      return !row.element.hidden;
    });
    if (event) folds.forEach(fold => { fold.open = !isAll && shown.some(row => fold.contains(row.element)); });
    count.textContent = `${shown.length} of ${rows.length} shown`;
  };
  bar.className = "filter";
  bar.append(count);
  bar.addEventListener("change", apply);
  gallery.prepend(bar);
  apply();
});
