"""Every test here has the tests' own template."""

import pytest
from flask import Flask

from tests.mail.builders import add_greeting


@pytest.fixture(autouse=True)
def greeting(app: Flask) -> None:
    add_greeting(app)
