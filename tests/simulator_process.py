"""The simulator as a process of its own, for tests and demonstrations: over HTTP, as the app meets it."""

import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import requests

from simulator import exact_json

ROOT = Path(__file__).parent.parent
READY = "QuickBooks simulator on "


class SimulatorProcess:
    """Start it, talk to its control routes, stop it. Amounts in its answers are Decimal."""

    def __init__(self) -> None:
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._session = requests.Session()
        self._session.trust_env = False  # looking for a proxy takes longer than asking

    def start(
        self,
        client_id: str = "test-client",
        client_secret: str = "test-secret",
        redirect_uri: str = "http://localhost/callback",
        limits: bool = False,
        options: tuple[str, ...] = (),
    ) -> Self:
        """On a free port, ready when this returns."""
        command = [sys.executable, "-m", "simulator", "--port", "0", "--client-id", client_id]
        command += ["--client-secret", client_secret, "--redirect-uri", redirect_uri]
        command += ["--limits" if limits else "--no-limits", *options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError("The simulator did not start.")
        self.url = line.removeprefix(READY).strip()
        return self

    @property
    def pid(self) -> int:
        """Raises RuntimeError when it does not run."""
        if self._process is None:
            raise RuntimeError("The simulator does not run.")
        return self._process.pid

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None
        self._session.close()

    def __enter__(self) -> Self:
        return self if self._process else self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """One call of a control route, path without /_simulator. Raises requests.HTTPError when refused."""
        body = None if json is None else exact_json.dumps(json)
        answer = self._session.request(method, f"{self.url}/_simulator/{path.lstrip('/')}", data=body)
        answer.raise_for_status()
        return exact_json.loads(answer.content)

    def books(self, realm: str) -> dict[str, list[dict[str, Any]]]:
        return self.control("GET", f"books/{realm}")

    def calls(self, realm: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        return self.control("GET", f"calls?since={since}" + (f"&realm={realm}" if realm else ""))

    def reset(self) -> None:
        self.control("POST", "reset", {})

    def script(self, **effect: Any) -> int:
        """A bad day; returns the script's id."""
        return self.control("POST", "scripts", effect)["id"]

    def settings(self, **switches: Any) -> dict[str, Any]:
        return self.control("POST", "settings", switches)

    def consent(self, realm: str) -> str:
        """The code of a consent that nobody had to click through."""
        return self.control("POST", f"companies/{realm}/consent")["code"]

    def company(self, realm: str, **changes: Any) -> dict[str, Any]:
        return self.control("POST", f"companies/{realm}", changes)

    def bookkeeper(self, realm: str, entity: str, id_: str, action: str, **fields: Any) -> dict[str, Any]:
        """What somebody does in QuickBooks itself; returns the record that came of it."""
        return self.control("POST", f"companies/{realm}/{entity}/{id_}/{action}", fields)
