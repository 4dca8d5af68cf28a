"""What the Owner of a company does about QuickBooks, in a browser."""

import requests

from devtools.waiting import wait_until
from devtools.web_browser import WebBrowser

PASSWORD = "demonstration"
CONFIRMATION = "confirm_password"
SETTINGS = "/settings/integrations/quickbooks"


class Owner:
    """Signs in once; anything may fail while things are being broken, and is then tried again."""

    def __init__(self, web_url: str, email: str, realm: str) -> None:
        self._browser = WebBrowser(web_url)
        self._email, self._realm = email, realm

    def sign_in(self) -> None:
        self._browser.open("/sign-in").submit("password", email=self._email, password=PASSWORD)

    def connect(self) -> None:
        """Through Intuit's pages; also when connected already."""

        def connected() -> bool:
            try:
                self._open(f"{SETTINGS}/connect")
                self._browser.submit("password", email="owner@example.com", password="any")
                self._browser.submit("realm", realm=self._realm, decision="connect")
            except requests.RequestException as error:
                seen.append(str(error))
                return False
            seen.append(self._browser.page.url)
            return seen[-1].endswith("/connected")

        seen: list[str] = []
        try:
            wait_until(connected, "QuickBooks is connected", seconds=60, every=0.3)
        except TimeoutError as error:
            raise TimeoutError(f"{error}, seen last: {seen[-3:]}") from error

    def answer(self, task_id: int, what: str, **typed: str) -> bool:
        """One of the row's buttons: retry, link, name or number. Whether it could be pressed."""
        return self._press(f"{SETTINGS}/queue", f"/queue/{task_id}/{what}", **typed)

    def leave_out(self, kind: str, record_id: int) -> bool:
        address = f"{SETTINGS}/records/{kind}/{record_id}/leave-out"
        return self._press(address, address, reason="It cannot be mended today")

    def preview(self, invoice_id: int) -> str:
        """Both sides of an invoice as the page shows them; empty when it cannot be shown."""
        try:
            return self._open(f"/invoices/{invoice_id}/quickbooks/preview").page.text
        except requests.RequestException:
            return ""

    def choose(self, button: str) -> bool:
        """On the page that was opened last."""
        try:
            self._browser.submit(button)
        except (requests.RequestException, LookupError):
            return False
        return True

    def disconnect(self) -> None:
        self._press(f"{SETTINGS}/disconnect", f"{SETTINGS}/disconnect")

    def retry(self, task_id: int) -> None:
        self.answer(task_id, "retry")

    def sync_unsent(self) -> None:
        self._press(SETTINGS, f"{SETTINGS}/unsent")

    def _open(self, address: str) -> WebBrowser:
        """Signed in again where the cookie is no longer known; the password once more where that is asked."""
        if "/sign-in" in self._browser.open(address).page.url:
            self.sign_in()
            self._browser.open(address)
        if CONFIRMATION in self._browser.page.text:
            self._browser.submit(CONFIRMATION, None, **{CONFIRMATION: PASSWORD})
            self._browser.open(address)
        return self._browser

    def _press(self, page: str, button: str, **typed: str) -> bool:
        """The button may have gone meanwhile, and the server may be away: the next look decides."""
        try:
            self._open(page).submit(button, None, **typed)
        except (requests.RequestException, LookupError):
            return False
        return True
