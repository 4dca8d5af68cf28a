"""Somebody's browser on a running stack, and a camera."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import requests
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from app import create_app
from app.accounts.models import Company, User
from app.config import from_environment
from app.customers.records import CustomerData, create_customers
from app.demo.company import PASSWORD, PEOPLE
from app.extensions import db
from devtools.mail.catcher import Catcher
from devtools.stack import Stack

OWNER = PEOPLE[0][0]
WIDTHS = (1280, 820, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE = 60_000  # milliseconds; a first sync takes its time


@dataclass
class Studio:
    """A signed-in person's page, and the world around it."""

    stack: Stack
    page: Page
    folder: Path
    takes_pages: bool = True  # else only the help's pictures are taken

    def take(self, name: str, address: str = "") -> None:
        """`address` is opened first; without it the page is taken as it stands."""
        if address:
            self.page.goto(address)
        if not self.takes_pages:
            return
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(self.page.locator("html")).to_have_attribute("data-bs-theme", scheme)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": 900})
                file = self.folder / f"{name}-{scheme}-{width}.png"
                self.page.screenshot(path=file, full_page=True, animations="disabled")
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.page.emulate_media(color_scheme="light")
        print(name)

    def picture(
        self,
        slug: str,
        part: str,
        address: str,
        before: Callable[[Page], object] = lambda page: None,
        height: int = 420,
    ) -> None:
        """For the help: a part of a page, at most so many pixels high, twice as sharp and light to load."""
        assert self.page.context.browser is not None
        context = self.page.context.browser.new_context(
            base_url=self.stack.web_url,
            device_scale_factor=2,
            reduced_motion="reduce",
            storage_state=self.page.context.storage_state(),
            viewport={"width": 760, "height": 900},
        )
        page = context.new_page()
        page.goto(address)
        before(page)
        box = page.locator(part).first.bounding_box()
        assert box is not None
        box["height"] = min(box["height"], height)
        taken = page.screenshot(clip=box, full_page=True, animations="disabled")
        context.close()
        folder = self.folder / "help"
        folder.mkdir(exist_ok=True)
        with Image.open(io.BytesIO(taken)) as image:
            image.convert("RGB").save(folder / f"{slug}.webp", quality=50, method=6)

    def simulator(self, path: str, **body: Any) -> None:
        url = f"{self.stack.simulator_url}/_simulator/{path}"
        requests.post(url, json=body, timeout=30).raise_for_status()

    def realm(self) -> str:
        url = f"{self.stack.simulator_url}/_simulator/companies"
        return requests.get(url, timeout=30).json()[0]["realm"]

    def write(self, change: Callable[[Company], object]) -> None:
        """Something that happens in the company meanwhile."""
        with create_app(from_environment(self.stack.environment)).app_context():
            change(db.session.query(User).filter_by(email=OWNER).one().company)
            db.session.commit()

    def add_customers(self, *names: str) -> None:
        self.write(lambda company: create_customers(company, [CustomerData(name=name) for name in names]))

    @property
    def mailbox(self) -> Catcher:
        """What the stack's mail server was sent."""
        assert self.stack.mailbox is not None
        return self.stack.mailbox

    @property
    def queue(self) -> Locator:
        return self.page.locator("#quickbooks-queue")

    def wait_for(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE)


def sign_in(stack: Stack, browser: Browser, folder: Path, email: str, takes_pages: bool = True) -> Studio:
    page = browser.new_context(base_url=stack.web_url).new_page()
    studio = Studio(stack, page, folder, takes_pages)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home")
    return studio
