"""Pictures of every page, wide and narrow, from a fresh stack with the demo company. See bin/screenshots.

Each scene goes on where the one before it stopped. With --keep the pictures of the help and of the README are put
in their places.
"""

import argparse
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.config import from_environment
from app.demo.company import FREE_OWNER, PEOPLE, build
from devtools.browser import FLAGS, chromium_path
from devtools.screenshots import people, questions, quickbooks, rooms, steps
from devtools.screenshots.studio import OWNER, Studio, sign_in
from devtools.stack import ROOT, Stack, running

QUICKBOOKS = "/settings/integrations/quickbooks"
DISPATCHER, TECHNICIAN = PEOPLE[1][0], PEOPLE[2][0]


SCENES = (
    rooms.pages,
    people.team,
    rooms.lives,
    rooms.mail,
    quickbooks.before_connecting,
    steps.there_already,
    quickbooks.first_sync,
    steps.matching,
    steps.earlier,
    steps.columns,
    steps.progress,
    quickbooks.invoices,
    questions.both_sides,
    questions.left_out,
    questions.endings,
    questions.selection_and_file,
    quickbooks.mapping,
    quickbooks.tie_out,
    quickbooks.trouble,
    questions.colleagues,
    steps.rehearsal,
    quickbooks.stopped,
    quickbooks.reconnect,
    quickbooks.parting,
)
# As far as the help needs them.
HELP = (
    quickbooks.before_connecting,
    quickbooks.first_sync,
    steps.columns,
    quickbooks.invoices,
    quickbooks.trouble,
    steps.rehearsal,
    quickbooks.reconnect,
    quickbooks.parting,
)
# What the README shows, and from which picture.
README = {
    "quickbooks.png": "quickbooks-question-light-1280.png",
    "invoices.png": "invoices-selected-light-1280.png",
    "invoice-dark.png": "invoice-dark-1280.png",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".dev" / "screenshots")
    parser.add_argument("--keep", action="store_true", help="put them into the help and the README")
    parser.add_argument(
        "--only-help", action="store_true", help="take the help's pictures alone, which is quicker"
    )
    asked = parser.parse_args()
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    with running(("--no-limits",)) as stack, sync_playwright() as playwright:
        with create_app(from_environment(stack.environment)).app_context():
            build()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        owner = sign_in(stack, browser, folder, OWNER, takes_pages=not asked.only_help)
        for scene in HELP if asked.only_help else SCENES:
            scene(owner)
        if not asked.only_help:
            _take_others(stack, browser, folder)
        browser.close()
    if asked.keep:
        _keep(folder)
    print(f"The pictures are in {folder}.")
    return 0


def _take_others(stack: Stack, browser: Browser, folder: Path) -> None:
    """Who is not signed in, who has nothing yet, and who may not."""
    people.doors(Studio(stack, browser.new_context(base_url=stack.web_url).new_page(), folder))
    beginner = sign_in(stack, browser, folder, FREE_OWNER)
    beginner.take("quickbooks-plan-gate", QUICKBOOKS)
    for page in ("home", "customers", "invoices", "activity"):
        beginner.take(f"{page}-empty", f"/{page}")
    people.profile(sign_in(stack, browser, folder, TECHNICIAN))
    sign_in(stack, browser, folder, DISPATCHER).take("dispatcher-refused", QUICKBOOKS)


def _keep(folder: Path) -> None:
    for file in (folder / "help").iterdir():
        shutil.copy(file, ROOT / "app" / "static" / "help")
    for name, picture in README.items():
        if (folder / picture).exists():
            with Image.open(folder / picture) as image:
                shown = image.crop((0, 0, image.width, min(image.height, 900)))  # as much as a window shows
                shown.save(ROOT / "docs" / "images" / name, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
