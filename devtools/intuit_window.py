"""Intuit's window as a person meets it in a real browser: sign in, choose a company, Connect or Cancel."""

from playwright.sync_api import Page


def agree(window: Page, realm: str, decision: str = "connect") -> None:
    """`decision` is "connect" or "cancel"."""
    window.get_by_label("E-mail").fill("olivia@harbor.example")
    window.get_by_label("Password").fill("any")
    window.get_by_role("button", name="Sign in").click()
    window.locator(f"[name=realm][value='{realm}']").check()
    window.locator(f"[name=decision][value={decision}]").click()
