"""What a reader does with a web page, for check-pages: each use yields the problems that it meets."""
import base64, pathlib, urllib.parse

# Follows every link within the page, and reports those that do not show their target.
ANCHORS = """Array.from(document.querySelectorAll("a[href^='#']")).flatMap(link => {
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return [`${link.hash} does not exist`];
  link.click();
  const box = target.getBoundingClientRect();
  const isSeen = !target.closest("[hidden], details:not([open])") && box.top >= -1 && innerHeight >= box.top;
  return isSeen ? [] : [`${link.hash} is at ${box.top} of ${innerHeight} pixels`];
})"""

# The state of the dialog.
VIEWER = """(() => {
  const dialog = document.querySelector("dialog.viewer");
  return {
    open: dialog?.open ?? false,
    images: Array.from(dialog?.querySelectorAll(".stage img") ?? [],
      image => ({ width: image.naturalWidth, transform: image.style.transform, seen: image.getBoundingClientRect().width })),
    focus: document.activeElement.className,
    entries: dialog?.querySelectorAll(".strip button").length ?? 0,
    outside: (dialog?.getBoundingClientRect().right ?? 0) - innerWidth,
  };
})()"""

# The shown thumbnail of a map, and the point with the focus.
POINT = """(() => {
  const tip = document.querySelector(".preview:not([hidden])"), box = tip?.getBoundingClientRect();
  return {
    text: tip?.innerText ?? "", width: box?.width ?? 0,
    isInside: box ? box.left >= 0 && innerWidth >= box.right : false,
    sheet: tip?.querySelector(".thumbnail").style.backgroundImage.slice(5, -2) ?? "",
    label: document.activeElement.getAttribute("aria-label"), isPoint: document.activeElement.matches(".point"),
    tabs: document.activeElement.parentElement.querySelectorAll("[tabindex='0']").length,
  };
})()"""


def links(browser, page):
    """Yields the links to files that do not exist, and the anchors that are not shown."""
    for link in set(browser.tell("Array.from(document.querySelectorAll('[href]'), link => link.href)")):
        url = urllib.parse.urlparse(link)
        if url.scheme == "file" and not pathlib.Path(urllib.parse.unquote(url.path)).exists():
            yield f"links to {link}, which does not exist"
    yield from browser.tell(ANCHORS)


def sorting(browser):
    """Sorts a table by keyboard, up, down and back."""
    if not browser.tell("document.querySelector('th .sort') !== null"):
        return
    column = """(() => {
      const head = document.querySelector("th .sort").closest("th"), place = head.cellIndex;
      const rows = Array.from(head.closest("table").tBodies[0].rows, row => row.cells[place].innerText);
      return { sort: head.getAttribute("aria-sort"), rows, focus: document.activeElement.closest("th") === head };
    })()"""
    # The first table may be folded.
    browser.tell("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    browser.tell("document.querySelector('th .sort').focus()")
    before = browser.tell(column)
    states = []
    for _ in range(3):
        browser.press("Enter")
        states.append(browser.tell(column))
    if [state["sort"] for state in states] != ["ascending", "descending", None]:
        yield f"a table's head has aria-sort {[state['sort'] for state in states]}"
    if not all(state["focus"] for state in states):
        yield "a table's head loses the focus when it sorts"
    if states[0]["rows"] == states[1]["rows"] or any(
            sorted(state["rows"]) != sorted(before["rows"]) for state in states):
        yield f"a table is not sorted: {states[0]['rows']}, then {states[1]['rows']}"
    if states[2]["rows"] != before["rows"]:
        yield f"a table does not return to its order: {states[2]['rows']}"


def settled(browser, expression, condition):
    """What the page reports once a condition holds, or after a second."""
    for _ in range(20):
        value = browser.tell(expression)
        if condition(value):
            break
        browser.tell("new Promise(resolve => setTimeout(resolve, 50))")
    return value


def viewing(browser, page, width, shots):
    """Opens a figure and a photograph, zooms, compares and closes."""
    if not browser.tell("document.querySelector('a.enlarge') !== null"):
        return
    browser.tell("document.querySelector('a.enlarge').focus()")
    browser.press("Enter")
    state = settled(browser, VIEWER, lambda state: state["images"] and state["images"][0]["width"])
    if not state["open"] or not state["images"][0]["width"]:
        yield f"a figure does not open: {state}"
    browser.press("+")
    zoomed = browser.tell(VIEWER)
    if zoomed["images"] and "scale(1.5)" not in zoomed["images"][0]["transform"]:
        yield f"a figure is not zoomed by a key: {zoomed['images'][0]['transform']}"
    browser.press("ArrowRight")
    moved = browser.tell(VIEWER)
    if moved["images"] == zoomed["images"]:
        yield "a zoomed figure does not move by a key"
    browser.press("Escape")
    closed = browser.tell(VIEWER)
    if closed["open"] or closed["focus"] != "enlarge":
        yield f"a figure does not close by a key, or the focus is lost: {closed}"
    if not browser.tell("document.querySelector('a.place') !== null"):
        return
    x, y = browser.click("a.place")
    state = settled(browser, VIEWER, lambda state: state["images"] and state["images"][0]["width"])
    if not state["open"] or not state["images"][0]["width"]:
        yield f"a photograph in a figure does not open: {state}"
        return
    browser.ask("Input.dispatchMouseEvent", type="mouseWheel", x=width // 2, y=400, deltaX=0, deltaY=-400)
    state = settled(browser, VIEWER, lambda state: "scale(1)" not in state["images"][0]["transform"])
    if "scale(1)" in state["images"][0]["transform"]:
        yield "a photograph is not zoomed by the wheel"
    browser.click(".viewer button[aria-pressed]")
    state = settled(
        browser, VIEWER, lambda state: len(state["images"]) == 2 and all(image["width"] for image in state["images"]))
    if len(state["images"]) != 2 or not all(image["width"] and image["seen"] for image in state["images"]):
        yield f"two photographs are not side by side: {state}"
    if state["outside"] > 0.5:
        yield f"the enlargement is {state['outside']} pixels too wide"
    browser.press("r")
    if "rotate(90deg)" not in browser.tell(VIEWER)["images"][-1]["transform"]:
        yield "a photograph is not turned by a key"
    picture = browser.ask("Page.captureScreenshot")
    (shots / f"{page.stem}-{width}-viewer.png").write_bytes(base64.b64decode(picture["data"]))
    browser.press("Escape")
    if browser.tell(VIEWER)["open"]:
        yield "a photograph does not close by a key"


def mapping(browser, page, width, shots):
    """Shows the photographs of points by keyboard and by mouse."""
    count = browser.tell("document.querySelectorAll('.figure[data-points]').length")
    if not count:
        return
    browser.tell("document.querySelector('.point').scrollIntoView({ block: 'center' })")
    browser.tell("document.querySelector('.point[tabindex=\"0\"]').focus()")
    first = browser.tell(POINT)
    if not first["text"] or not first["isPoint"] or first["tabs"] != 1:
        yield f"a point of a map does not show its photograph when it has the focus: {first}"
    if not (page.parent / urllib.parse.unquote(first["sheet"])).is_file():
        yield f"the thumbnails of a map are missing: {first['sheet']}"
    labels = {first["label"]}
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        browser.press(key)
        point = browser.tell(POINT)
        labels.add(point["label"])
        if point["isPoint"] and not point["isInside"]:
            yield f"a thumbnail of a map is outside the window: {point}"
    if len(labels) < 2:
        yield f"the arrow keys do not move between the points of a map: {labels}"
    picture = browser.ask("Page.captureScreenshot")
    (shots / f"{page.stem}-{width}-map.png").write_bytes(base64.b64decode(picture["data"]))
    browser.press("Escape")
    if browser.tell(POINT)["text"]:
        yield "a thumbnail of a map is not closed by a key"
    browser.tell("document.activeElement.blur()")
    x, y = browser.tell("""(() => {
      const boxes = Array.from(document.querySelectorAll(".point"), point => point.getBoundingClientRect());
      const box = boxes.find(box => box.left > 20 && innerWidth - 20 > box.right && box.top > 0 && innerHeight > box.bottom);
      return [box.left + box.width / 2, box.top + box.height / 2];
    })()""")
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    if not browser.tell(POINT)["text"]:
        yield "a point of a map does not show its photograph under the pointer"
