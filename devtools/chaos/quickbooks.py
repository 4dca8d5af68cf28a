"""The stand-in QuickBooks, told what shall go wrong and asked what its books hold."""

import time
from datetime import UTC, datetime
from typing import Any

import requests

from app.lib import exact_json


class QuickBooks:
    """Its control routes; amounts in its answers are Decimal."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_simulator"
        self._session = requests.Session()
        self._scale, self._then, self._real_then = 1.0, datetime.now(UTC), time.time()

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

    def realms_with_faults(self) -> set[str]:
        """Where a fault has met nothing so far; a latency is none."""
        waiting = (
            one for one in self.call("GET", "scripts") if not one["used"] and one["effect"] != "latency"
        )
        return {one["realm"] for one in waiting if one["realm"]}

    def used_up_scripts(self) -> set[int]:
        """Ids of those that will meet no other call."""
        return {
            int(script["id"]) for script in self.call("GET", "scripts") if script["used"] == script["times"]
        }

    def is_idle(self) -> bool:
        """Nothing that was sent to it is still on its way."""
        return not self.call("GET", "calls/running")["running"]

    def calls(self, after: int) -> list[dict[str, Any]]:
        """The journal's entries with a higher number, oldest first."""
        return self.call("GET", f"calls?since={after}")

    def calm(self) -> None:
        """Nothing more goes wrong by script."""
        self.call("DELETE", "scripts")

    def tokens(self, action: str, realm: str) -> None:
        self.call("POST", "tokens", action=action, realm=realm)

    def hurry(self, scale: int) -> None:
        """So many of its seconds pass in a real one from now on."""
        self.call("POST", "settings", time_scale=scale)
        self._scale, self._real_then = scale, time.time()
        self._then = datetime.fromisoformat(self.call("POST", "clock", advance_seconds=0)["now"])

    def real_time(self, moment: datetime) -> float:
        """One of its moments in seconds of the real clock."""
        return self._real_then + (moment - self._then).total_seconds() / self._scale

    def history(self, realm: str, after: int) -> list[dict[str, Any]]:
        """Every version of every record with a higher number, oldest first."""
        return self.call("GET", f"history/{realm}?since={after}")

    def bookkeeper(self, realm: str, kind: str, id_: str, action: str, **sent: Any) -> None:
        self.call("POST", f"companies/{realm}/{kind}/{id_}/{action}", **sent)

    def enter(self, realm: str, kind: str, **sent: Any) -> None:
        """What a bookkeeper types in as something new."""
        self.call("POST", f"companies/{realm}/{kind}", **sent)
