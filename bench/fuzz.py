"""Crafted requests over all routes and roles, on a database of their own. Not one may be answered by 5xx.

Run: python -m bench.fuzz [--requests N] [--seed N]
"""

import argparse
import os
import tempfile
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from app.config import from_environment
from devtools.environment import development_settings
from devtools.fuzz.world import World
from devtools.servers import postgres, redis_server

CLOSED_PORT = 9  # nothing of a fuzz reaches QuickBooks, nor its stand-in
ROUND = 500  # requests to one world, before a fresh one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres(Path(folder) / "postgres") as database,
        redis_server(Path(folder)) as redis,
    ):
        os.environ.update(development_settings(database, redis, simulator_port=CLOSED_PORT))
        app = create_app(
            {**from_environment(os.environ), "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}
        )
        with app.app_context():
            upgrade()
            findings = World(app, options.seed).fuzz(options.requests, ROUND)
    print(findings.report())
    raise SystemExit(bool(findings.broken))


if __name__ == "__main__":
    main()
