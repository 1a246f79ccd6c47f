// Marks the present section in the contents, and opens what a link leads into.
(() => {
  const links = Array.from(document.querySelectorAll("nav.contents a"));
  const target = link => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  let isQueued = false;
  const mark = () => {
    isQueued = false;
    const present = links.filter(link => (target(link)?.getBoundingClientRect().top ?? Infinity) <= 120).at(-1);
    links.forEach(link => {
      if (link === present) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    const list = document.querySelector("nav.contents");
    if (present && list.scrollHeight > list.clientHeight) present.scrollIntoView({ block: "nearest" });
  };
  if (links.length && links[0].getClientRects().length) {
    addEventListener("scroll", () => {
      if (isQueued) return;
      isQueued = true;
      requestAnimationFrame(mark);
    }, { passive: true });
    mark();
  }
  const open = () => {
    const element = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!element) return;
    let isHidden = false;
    for (let fold = element.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
      fold.open = true;
      isHidden = true;
    }
    if (isHidden) element.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  document.querySelectorAll("details.contents a").forEach(link => {
    link.addEventListener("click", () => { link.closest("details").open = false; });
  });
})();
