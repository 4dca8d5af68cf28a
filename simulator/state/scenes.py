"""Scenes: moments of a world, kept by name in memory, to go back to as often as a test wants."""

from simulator.state.changes import Entry, everything_in
from simulator.state.restoring import restore
from simulator.world import World


class Scenes:
    """Books, tokens, switches, counted reads, remembered answers and the time; no journal, script or webhook."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, list[Entry]]] = {}

    def keep(self, name: str, world: World) -> None:
        self._kept[name] = world.clock.timestamp(), list(everything_in(world))

    def go_back(self, name: str, world: World) -> None:
        """Raises KeyError for a name that was never kept."""
        moment, entries = self._kept[name]
        world.reset()
        restore(world, entries)
        world.clock.advance(moment - world.clock.timestamp())
