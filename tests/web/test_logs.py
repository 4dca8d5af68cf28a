"""What a web process says of itself: the same lines as a worker, and nothing that must not be in a log."""

import logging
import subprocess
import sys
from pathlib import Path

from app.web.logs import Masking
from app.web.masking import shown_traceback

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


REALM = "9130350000000001"
TROUBLE = f"""
import logging
from app.web import logs
logs.begin()
address = "/v3/company/{REALM}/companyinfo/{REALM}"
logging.getLogger("urllib3").warning("Retrying %s?minorversion=75", address)
try:
    raise OSError("Max retries exceeded with url: " + address)
except OSError:
    logging.getLogger("app.quickbooks.lane").exception("A read broke")
try:
    raise ValueError("a key twice\\nDETAIL:  Key (realm_id)=({REALM}) exists.\\n[SQL: INSERT]")
except ValueError:
    logging.getLogger("app.quickbooks.lane").exception("A write broke")
"""


def test_a_traceback_names_no_company_of_quickbooks_and_no_value_of_a_row():
    command = [sys.executable, "-c", TROUBLE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert REALM not in done.stderr
    assert "WARNING urllib3: Retrying /v3/company/…/companyinfo/…\n" in done.stderr
    assert "ERROR app.quickbooks.lane: A read broke\nTraceback" in done.stderr
    assert "OSError: Max retries exceeded with url: /v3/company/…/companyinfo/…\n" in done.stderr
    assert done.stderr.endswith("ValueError: a key twice\nDETAIL:  …\n[SQL: INSERT]\n")


def test_a_traceback_keeps_what_names_nobody():
    deadlock = (
        "deadlock detected\nDETAIL:  Process 7 waits for ShareLock; blocked by process 8.\n[SQL: SELECT]"
    )
    assert shown_traceback(deadlock) == deadlock


def test_a_line_with_a_percent_sign_is_left_whole():
    record = logging.LogRecord("other", logging.INFO, "", 1, "100 %% of %s", ("it",), None)
    assert Masking().filter(record)
    assert record.getMessage() == "100 % of it"
