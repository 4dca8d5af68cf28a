"""Somebody who has a keyboard and nothing else: each stop is on the screen, and never the page itself."""

from playwright.sync_api import Page

# What the focused element is called; nothing while it is not to be seen (off the screen, or under something else).
STOP = """() => {
    const it = document.activeElement;
    const isShown = it.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (it === document.body || !isShown) return null;
    const box = it.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2];
    const top = document.elementFromPoint(x, y);
    const label = it.labels?.[0];
    if (!top || !(it.contains(top) || top.contains(it) || label?.contains(top))) return null;
    const named = document.getElementById(it.getAttribute("aria-labelledby"))?.textContent;
    const name = it.getAttribute("aria-label") || named || label?.textContent || it.innerText;
    return name.replace(/\\s+/g, " ").replace(/ \\*\\s*$/, "").trim();
}"""


def stop(page: Page) -> str:
    """The name of what has the focus and is seen; awaited, because a menu or a dialog takes a moment to open."""
    return page.wait_for_function(STOP).json_value()


def stands_on(page: Page, name: str) -> None:
    """The focus came, or came back, to what has that name."""
    page.wait_for_function(f"name => ({STOP})() === name", arg=name)


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the element of that name has the focus."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # past the last element the browser begins anew
        passed.append(stop(page))
        if passed[-1] == name:
            return
    raise AssertionError(f"Tab never reaches {name}; it passes {passed[:40]}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def follow(page: Page, name: str) -> None:
    """Press what opens another page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Type over what is in a field."""
    tab_to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, menu: str, entry: str) -> None:
    """Open a menu, and go down to its entry."""
    press(page, menu)
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        if stop(page) == entry:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{menu} has no {entry}")
