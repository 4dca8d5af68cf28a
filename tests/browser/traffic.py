"""What a page asks of the server: listened to, and held back while an answer takes its time."""

from playwright.sync_api import Page, Request, Route

from devtools.waiting import wait_until


def asked(page: Page, path: str) -> list[Request]:
    """The requests of that path from now on."""
    requests: list[Request] = []
    page.on("request", lambda request: path in request.url and requests.append(request))
    return requests


def hear_out(page: Page) -> None:
    """Return when every request is heard that the page has made so far: its own, made last, is answered."""
    page.evaluate("fetch('/health').then(() => {})")


def hold(page: Page, pattern: str) -> list[Route]:
    """Keep back what the page asks for there. A request may be on its way for a moment: see `first`."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def first(page: Page, held: list[Route]) -> Route:
    """The first request that was kept back, awaited. Raises TimeoutError."""

    def caught() -> bool:
        page.wait_for_timeout(
            20
        )  # Playwright hands over what the browser did only while it is asked something
        return bool(held)

    wait_until(caught, "the page asks")
    return held[0]
