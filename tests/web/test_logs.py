"""What a web process says of itself: the same lines as a worker, and nothing that must not be in a log."""

import logging
import subprocess
import sys
from pathlib import Path

from app.web.logs import Masking

ROOT = Path(__file__).parents[2]
TOKEN = "Zm9yZ290LXBhc3N3b3JkLWxpbmstdG9rZW4"
PROGRAM = f"""
import logging, wsgi
logging.getLogger("app.quickbooks.api.transport").info("GET companyinfo 200 %s ms intuit_tid=%s", 12, "{TOKEN}")
logging.getLogger("urllib3").warning("Retrying %s", "/reset/{TOKEN}?code=secret-code")
wsgi.app.logger.info("said by the app")
"""


def test_a_web_process_logs_what_a_worker_does(settings, app):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 2)[2] for line in done.stderr.splitlines()]
    assert lines == [
        f"INFO app.quickbooks.api.transport: GET companyinfo 200 12 ms intuit_tid={TOKEN}",
        "WARNING urllib3: Retrying /reset/…",
        "INFO app: said by the app",
    ]


def test_a_line_with_a_percent_sign_is_left_whole():
    record = logging.LogRecord("other", logging.INFO, "", 1, "100 %% of %s", ("it",), None)
    assert Masking().filter(record)
    assert record.getMessage() == "100 % of it"
