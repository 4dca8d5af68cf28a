"""What the access log of a real gunicorn holds after Intuit's return, and what it must not."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from devtools.servers import free_port
from devtools.waiting import wait_until

ROOT = Path(__file__).parents[2]
TOKEN = "Zm9yZ290LXBhc3N3b3JkLWxpbmstdG9rZW4"


@pytest.fixture
def server(settings: dict[str, str], app, tmp_path: Path):
    """Its address and its log."""
    port, log = free_port(), tmp_path / "log"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--access-logfile",
        "-",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(address), "gunicorn answers", seconds=60)
            yield address, log
        finally:
            process.terminate()
            process.wait(30)


def test_no_query_and_no_secret(server):
    address, log = server
    query = "code=AB11-secret-code&state=secret-state&realmId=9130350000000001"
    requests.get(f"{address}/integrations/quickbooks/callback?{query}", allow_redirects=False, timeout=30)
    requests.get(f"{address}/reset/{TOKEN}", timeout=30)
    requests.get(f"{address}/a%0a127.0.0.1%20forged", timeout=30)
    lines = wait_until(lambda: _lines_with(log, "forged"), "the last request is logged")
    text = "\n".join(lines)
    for secret in ("secret-code", "secret-state", "9130350000000001", TOKEN):
        assert secret not in text
    assert '127.0.0.1 "GET /integrations/quickbooks/callback" 302' in text
    assert '"GET /reset/…" 404' in text
    assert '"GET /a?127.0.0.1 forged" 404' in text


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/sign-in", timeout=5).ok
    except requests.ConnectionError:
        return False


def _lines_with(log: Path, word: str) -> list[str]:
    lines = log.read_text().splitlines()
    return lines if any(word in line for line in lines) else []
