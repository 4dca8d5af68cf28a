"""The stand-in QuickBooks, told what shall go wrong and asked what its books hold."""

from typing import Any

import requests

from app.lib import exact_json


class QuickBooks:
    """Its control routes; amounts in its answers are Decimal."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_simulator"
        self._session = requests.Session()

    def call(self, method: str, path: str, **sent: Any) -> Any:
        """Raises requests.HTTPError when refused."""
        answer = self._session.request(method, f"{self._url}/{path}", data=exact_json.dumps(sent), timeout=60)
        answer.raise_for_status()
        return exact_json.loads(answer.content)

    def found_company(self, name: str, **rules: Any) -> str:
        """Returns its realm."""
        realm: str = self.call("POST", "companies", name=name)["realm"]
        self.call("POST", f"companies/{realm}", **rules)
        return realm

    def books(self, realm: str) -> dict[str, list[dict[str, Any]]]:
        return self.call("GET", f"books/{realm}")

    def script(self, **details: Any) -> int:
        """Returns its id."""
        return int(self.call("POST", "scripts", **details)["id"])

    def struck_scripts(self) -> set[int]:
        """Ids of those that have met a call, also one that is not answered yet."""
        return {int(script["id"]) for script in self.call("GET", "scripts") if script["used"]}

    def calls(self, after: int) -> list[dict[str, Any]]:
        """The journal's entries with a higher number, oldest first."""
        return self.call("GET", f"calls?since={after}")

    def calm(self) -> None:
        """Nothing more goes wrong by script."""
        self.call("DELETE", "scripts")

    def tokens(self, action: str, realm: str) -> None:
        self.call("POST", "tokens", action=action, realm=realm)

    def settings(self, **switches: Any) -> None:
        self.call("POST", "settings", **switches)
