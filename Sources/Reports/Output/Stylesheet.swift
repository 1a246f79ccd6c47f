/// The looks of a web page.
enum Stylesheet {
    static let text = """
        :root {
          color-scheme: light dark;
          --ink: #1b1f24; --paper: #ffffff; --quiet: #59636e; --line: #d1d9e0; --shade: #f4f6f8; --link: #0a5fb4;
          --edge: rgb(0 0 0 / 0.22);
          --caution: #b42318; --warning: #9a6700; --note: #0a5fb4;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --ink: #e6edf3; --paper: #0f1419; --quiet: #9aa5b1; --line: #323a44; --shade: #1a2028; --link: #6cb2ff;
            --edge: rgb(255 255 255 / 0.22);
            --caution: #ff7b72; --warning: #e3b341; --note: #6cb2ff;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
        }
        main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; overflow-wrap: break-word; }
        h1, h2, h3, h4 { line-height: 1.25; margin: 2.2em 0 0.6em; }
        h1 { font-size: 2rem; margin-top: 0; }
        h2 { font-size: 1.45rem; padding-bottom: 0.25em; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1.15rem; }
        a { color: var(--link); }
        a:not(:hover):not(:focus) { text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
        img { display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
        code, pre { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; font-size: 0.875em; }
        code { background: var(--shade); padding: 0.1em 0.3em; border-radius: 4px; }
        pre { background: var(--shade); padding: 0.9rem 1rem; border-radius: 6px; overflow-x: auto; line-height: 1.45; }
        pre code { background: none; padding: 0; }
        /* A shadow at the edge where more of a table is, and a cover that moves with the table's end. */
        .table { overflow-x: auto; margin: 1rem 0; background:
          linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local,
          linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local,
          linear-gradient(to right, var(--edge), transparent) left / 0.8rem 100% no-repeat scroll,
          linear-gradient(to left, var(--edge), transparent) right / 0.8rem 100% no-repeat scroll; }
        table { border-collapse: collapse; font-size: 0.9375em; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.35em 0.8em; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        td:first-child { min-width: 7.5em; }
        th { border-bottom: 2px solid var(--line); font-weight: 600; vertical-align: bottom; }
        [align="right"] { text-align: right; }
        td[align="right"] { white-space: nowrap; }
        [align="center"] { text-align: center; }
        details { margin: 0.6rem 0; color: var(--quiet); font-size: 0.9375em; }
        details[open] { color: inherit; }
        summary { cursor: pointer; }
        blockquote { margin: 1rem 0; padding: 0.2rem 1rem; border-left: 4px solid var(--line); color: var(--quiet); }
        blockquote.caution, blockquote.warning, blockquote.note { background: var(--shade); color: inherit; }
        blockquote.caution { border-color: var(--caution); }
        blockquote.warning { border-color: var(--warning); }
        blockquote.note { border-color: var(--note); }
        nav { margin: 1.5rem 0; padding: 0.2rem 0; border: solid var(--line); border-width: 1px 0; }
        nav ul { columns: 2; padding-left: 1.2rem; list-style: none; }
        .filter { display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; align-items: center; padding: 0.7rem 1rem;
          background: var(--shade); border-radius: 6px; font-size: 0.9375em; }
        .filter select { margin-left: 0.5em; max-width: 16rem; font: inherit; }
        .filter output { color: var(--quiet); }
        @media screen and (max-width: 40rem) {
          nav ul { columns: 1; }
          body { font-size: 1rem; }
          /* Figures and texts in tables keep a size that can be read, and scroll. */
          p:has(> img, > a > img) { overflow-x: auto; }
          img { max-width: 42rem; }
          td:last-child:not([align="right"]) { min-width: 12em; }
        }
        @media print {
          /* What a browser makes of dark's colours on paper is grey. */
          :root { color-scheme: light; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          .filter { display: none; }
          .table { overflow: visible; background: none; }
          pre { white-space: pre-wrap; }
          img, tr, pre { break-inside: avoid; }
          /* What is taller than a page of A4 or Letter would lose its end. */
          img { max-height: 23cm; }
          h1, h2, h3, h4, p:has(+ .table) { break-after: avoid; }
        }

        """
}
