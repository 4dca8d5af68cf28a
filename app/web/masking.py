"""What a log may hold of an address and of an error: no query, no long part of a path, which is a link's secret, no
company's number in QuickBooks, and no value of a row.
"""

import re

SECRET = re.compile(r"[^/]{25,}")  # ids and names of pages are shorter
SECRET_IN_TEXT = re.compile(r"[^/\s]{25,}")
QUERY = re.compile(r"\?\S*")
REALM = re.compile(r"(?<=/company/)\d+|(?<=/companyinfo/)\d+")
# What PostgreSQL repeats of a row: “Key (email)=(…) already exists.”, “Failing row contains (…).”
VALUES = re.compile(r"(?<=DETAIL:  )(?:Key|Failing row).*?(?=\n\[SQL|\n\n|\Z)", re.DOTALL)


def shown_path(path: str) -> str:
    return SECRET.sub("…", path)


def shown_text(text: str) -> str:
    """Of a text that holds an address."""
    return SECRET_IN_TEXT.sub("…", REALM.sub("…", QUERY.sub("", text)))


def shown_traceback(text: str) -> str:
    return VALUES.sub("…", REALM.sub("…", text))
