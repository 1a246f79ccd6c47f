import Basics

/// What lets the reader of a web page choose among the pieces of a gallery.
///
/// Without script the gallery stands there whole.
enum GalleryFilter {
    /// A gallery's Markdown with the cases of each piece as attributes.
    static func marked(_ pieces: ArraySlice<GalleryPiece>, index: String, facets: [String]) -> [String] {
        func attribute(_ value: JSONValue) -> String { MarkdownText.html(value.canonicalText.visibleJSON) }
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let marked = pieces.map { piece in
            let cases = JSONValue.array(piece.cases.map(list))
            return "<section data-cases=\"\(attribute(cases))\">\n\n\(piece.text)\n\n</section>"
        }
        return ["<div class=\"gallery\" data-facets=\"\(attribute(list(facets)))\">", index] + marked + ["</div>"]
    }

    /// The script, where a page has a gallery to choose from.
    static func script(for html: String) -> String {
        html.contains("<div class=\"gallery\"") ? "\n<script>\n\(source)</script>" : ""
    }

    /// Free of `<` and `&`, so that the page stays well-formed as XML.
    private static let source = """
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
          gallery.addEventListener("click", event => {
            if (event.target.closest("a[href^='#']")) { bar.reset(); apply(); }
          });
          gallery.prepend(bar);
          apply();
        });

        """
}
