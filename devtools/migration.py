"""Compare the models with the migrations, on a database of its own, and write the difference down."""

import os
import sys
import tempfile
from pathlib import Path

from flask_migrate import migrate, upgrade

from app import create_app
from devtools.environment import development_settings
from devtools.servers import postgres


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder) / "postgres") as url:
        os.environ.update(development_settings(database_url=url, redis_url="redis://127.0.0.1:1/0"))
        with create_app().app_context():
            upgrade()
            migrate(message=message, rev_id=_next_revision())


def _next_revision() -> str:
    return f"{len(list(Path('migrations/versions').glob('*.py'))) + 1:04}"


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("Say what the migration is for."))
