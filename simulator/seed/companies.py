"""All companies by realm id: those that exist before anybody connects, and those that were founded since."""

from collections.abc import Callable, Iterator, Mapping
from threading import RLock

from simulator.books.company import Company
from simulator.clock import SimulatedClock, StoppedClock
from simulator.seed import SEEDED, seeded_books


class Companies(Mapping[str, Company]):
    """A seeded company opens its books when somebody first asks for it, with the times of the start: a test wants a
    fresh start and then one or two of the companies.
    """

    def __init__(self, clock: SimulatedClock, prepare: Callable[[Company], None]) -> None:
        """`prepare` is told of each company before anybody gets it."""
        self._clock, self._prepare, self._lock = clock, prepare, RLock()
        self._by_realm: dict[str, Company | None] = {}  # None: nobody has asked for it yet
        self.start()

    def start(self) -> None:
        """Only the seeded ones, with nothing in their books but the seed."""
        with self._lock:
            self._started_at = self._clock.now()
            self._by_realm = dict.fromkeys(SEEDED)

    def add(self, company: Company) -> None:
        self._prepare(company)
        with self._lock:
            self._by_realm[company.realm] = company

    def opened(self) -> list[Company]:
        """Those that somebody has asked for."""
        with self._lock:
            return [company for company in self._by_realm.values() if company]

    def __getitem__(self, realm: str) -> Company:
        with self._lock:
            company = self._by_realm[realm]
            if company is None:
                company = seeded_books(realm, StoppedClock(self._started_at))
                company.clock = self._clock
                self.add(company)
            return company

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._by_realm))

    def __len__(self) -> int:
        return len(self._by_realm)
