"""A browser for the checks of pages, controlled over a pipe; needs Chromium."""
import json, os, shutil, subprocess

if not shutil.which("chromium"):
    raise SystemExit("error: chromium is not installed. Install Debian's package: scripts/setup chromium")

# What the page itself reports about its looks.
LOOKS = """(width => {
  const number = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = color => color.slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const color = number(getComputedStyle(element).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const contrast = element => {
    const both = [number(getComputedStyle(element).color), ground(element)].map(luminance).sort((a, b) => b - a);
    return (both[0] + 0.05) / (both[1] + 0.05);
  };
  const texts = "h1, h2, p, a, li, th, td, code, pre, summary, details, blockquote, label, output, button, small, kbd, "
    + "dt, dd, strong";
  const isSeen = element => element.checkVisibility() && element.getClientRects().length > 0;
  return {
    text: document.body.innerText.trim().length,
    content: document.scrollingElement.scrollWidth, height: document.scrollingElement.scrollHeight,
    wide: Array.from(document.querySelectorAll("main *")).filter(element => {
      const inner = element.closest(".table, pre");
      return (!inner || inner === element) && element.getBoundingClientRect().right > width + 0.5;
    }).map(element => element.outerHTML.slice(0, 80)),
    images: document.images.length,
    broken: Array.from(document.images).filter(image => !(image.complete && image.naturalWidth > 0))
      .map(image => image.outerHTML.slice(0, 80)),
    faint: Array.from(document.querySelectorAll(texts)).filter(isSeen).filter(element => contrast(element) < 4.5)
      .map(element => element.outerHTML.slice(0, 80)),
    background: getComputedStyle(document.body).backgroundColor,
    galleries: document.querySelectorAll(".gallery").length,
    pieces: document.querySelectorAll(".gallery tbody tr").length,
    seen: Array.from(document.querySelectorAll(".gallery tbody tr")).filter(isSeen).length,
    filters: Array.from(document.querySelectorAll(".filter")).filter(isSeen).length,
    beside: Array.from(document.querySelectorAll("nav.contents")).filter(isSeen).length,
    folded: Array.from(document.querySelectorAll("details.contents:not([open])")).filter(isSeen).length,
    sections: document.querySelectorAll("main h2").length,
    loose: Array.from(document.querySelectorAll(".figure")).filter(isSeen).filter(figure => {
      const [outer, inner] = [figure, figure.querySelector("img")].map(element => element.getBoundingClientRect());
      return Math.abs(outer.width - inner.width) > 1 || Math.abs(outer.height - inner.height) > 1;
    }).length,
    ids: Array.from(document.querySelectorAll("[id]"), element => element.id)
      .filter((id, place, all) => all.indexOf(id) !== place),
  };
})"""


class Chromium:
    """A browser without a window, controlled over a pipe (the DevTools protocol)."""

    def __init__(self, profile):
        self.events, self.number, self.session = [], 0, None
        (theirs, self.out), (self.back, answers) = os.pipe(), os.pipe()
        command = [
            "chromium", "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-background-networking",
            # Requests to other hosts fail, but are still recorded.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        # The protocol uses descriptors 3 and 4; dup first, so that neither overwrites the other.
        high = [os.dup(theirs), os.dup(answers)]
        shell = f"exec 3<&{high[0]} 4>&{high[1]}; exec \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *command], pass_fds=high, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (theirs, answers, *high):
            os.close(descriptor)
        self.stream = os.fdopen(self.back, "rb")

    def message(self):
        text = bytearray()
        while not text.endswith(b"\0"):
            # Read in one piece up to the mark, since screenshots are megabytes.
            piece = self.stream.peek(1)
            end = piece.find(b"\0") + 1 or len(piece)
            if not piece:
                raise SystemExit("error: Chromium ended. Run 'chromium --headless=new' by hand and read its messages.")
            text += self.stream.read(end)
        return json.loads(text[:-1])

    def ask(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"error: {method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def load(self, page, width, scheme="light", media="", script=True):
        """Loads a page, a file or an address, and returns the events until it was loaded."""
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        self.ask(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events = []
        self.ask("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())
        return self.events

    def press(self, key):
        """Presses a key with the focus where it is."""
        codes = {"Enter": 13, "Escape": 27, "ArrowRight": 39, "ArrowLeft": 37, "ArrowUp": 38, "ArrowDown": 40}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        event = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0]))}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **event)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **event)

    def click(self, selector, number=0):
        """Clicks with the mouse in the middle of an element."""
        x, y = self.tell(f"""(() => {{
          const element = document.querySelectorAll({json.dumps(selector)})[{number}];
          element.scrollIntoView({{ block: "center" }});
          const box = element.getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        return x, y

    def tell(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"error: {answer['exceptionDetails']['exception']['description']}")
        return answer["result"].get("value")

    def close(self):
        self.session = None
        self.ask("Browser.close")
        self.process.wait(30)
