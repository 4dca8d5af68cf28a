"""A file that keeps up with a running world: what changes is appended, never the whole written again."""

import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from simulator import exact_json
from simulator.state.changes import Changes, Entry
from simulator.state.restoring import restore
from simulator.world import World

SECONDS_BETWEEN_SAVES = 0.5
END = ["saved"]  # closes the entries of one save; what comes after the last one was torn off
SHORTEST_TO_TIDY, GROWTH = 64 * 1024 * 1024, 3  # a file is written anew when it has grown so often over


class StateFile:
    """One JSON entry a line."""

    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path
        self._changes = Changes(world)
        self._changed, self._stopped = threading.Event(), threading.Event()
        self._saving = threading.Lock()
        self._tidy_at = 0

    def load(self) -> None:
        """Take over what the file says, if there is one."""
        if self._path.exists():
            for entries in _saves(self._path):
                restore(self._world, entries)
        self._write_anew()

    def mark_changed(self) -> None:
        self._changed.set()

    def start(self) -> None:
        threading.Thread(target=self._save_changes, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self.save()

    def save(self) -> None:
        with self._saving:
            self._changed.clear()
            if self._changes.is_another_world() or self._path.stat().st_size > self._tidy_at:
                self._write_anew()
                return
            with self._path.open("a") as file:
                file.writelines(_lines(self._changes.since_last_time()))

    def _write_anew(self) -> None:
        """Whole or not at all: a new file takes the old one's place."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("w") as file:
            file.writelines(_lines(self._changes.everything()))
        fresh.replace(self._path)
        self._tidy_at = max(SHORTEST_TO_TIDY, GROWTH * self._path.stat().st_size)

    def _save_changes(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_SAVES):
            if self._changed.is_set():
                self.save()


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield exact_json.dumps(entry) + "\n"
    yield exact_json.dumps(END) + "\n"


def _saves(path: Path) -> Iterator[list[Entry]]:
    """The entries of each save that was finished."""
    entries: list[Entry] = []
    with path.open() as file:
        for line in file:
            if not line.endswith("\n"):
                return
            entry = _entry(path, line)
            if entry == END:
                yield entries
                entries = []
            else:
                entries.append(entry)


def _entry(path: Path, line: str) -> Entry:
    try:
        entry = exact_json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, list):
        sys.exit(f"{path} is no state of this simulator: move it away and start again")
    return entry
