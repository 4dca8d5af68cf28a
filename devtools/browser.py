"""Find a Chromium for the browser tests, or install one: Debian's where that is allowed, else Playwright's own."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

# The shell first: without a window and a GPU process, a fresh page in it costs half of what it costs in the other.
PROGRAMS = ("chromium-headless-shell", "chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def chromium_path() -> str | None:
    """Debian's program; None lets Playwright use its own download."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def works() -> bool:
    try:
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS).close()
    except Error:
        return False
    return True


def install() -> None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests ...")
        _apt_get("update")
        for program in PROGRAMS:
            if not chromium_path():
                _apt_get("-y", "install", program)
    if not works():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _apt_get(*words: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], env=environment, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    if not works():
        install()
    return 0 if works() else 1


if __name__ == "__main__":
    sys.exit(main())
