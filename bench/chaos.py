"""Break the product a thousand times and compare the books: nothing lost, twice or silent. Fails too when a kind of
fault struck less than once in ten trials.

Run: python bench/chaos.py --trials 1000 --seed 1 [--break recovery|requestid]
"""

import argparse
import json
import logging
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent.parent))  # it is run as a file

from devtools.chaos import evidence, restore
from devtools.chaos.bookkeeper import HANDS
from devtools.chaos.hits import Hits
from devtools.chaos.quiet import wait_for_quiet
from devtools.chaos.sabotage import BREAKS
from devtools.chaos.scene import running
from devtools.chaos.town import Town
from devtools.chaos.trial import KINDS, Trials
from devtools.chaos.trial import NAMES as TRIED
from devtools.chaos.verdicts import Verdicts
from devtools.chaos.work import records

NAMES = (*TRIED, restore.NAME)
WRONG = ("lost", "duplicated", "mismatched", "overwritten", "untrue", "stuck", "failed_jobs")
PATIENCE = 150  # real seconds until what has not come to rest counts as stuck


@dataclass
class Tally:
    trials: int = 0
    records: int = 0
    hits: dict[str, int] = field(default_factory=dict)
    short: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    duplicated: int = 0
    mismatched: int = 0
    overwritten: int = 0
    untrue: int = 0
    stuck: int = 0
    failed_jobs: int = 0
    answered: int = 0
    left_out: int = 0
    sentences: dict[str, int] = field(default_factory=dict)
    seconds: float = 0

    @property
    def is_clean(self) -> bool:
        return not sum(getattr(self, name) for name in WRONG)


def main() -> int:
    options = _options()
    chance, tally, started = random.Random(options.seed), Tally(), time.monotonic()
    signal.signal(signal.SIGTERM, _leave)
    logging.disable(logging.WARNING)  # of this process: what it breaks is no news to it
    kinds = [kind for kind in KINDS if kind.name not in options.without]
    hits = Hits([name for name in NAMES if name not in options.without])
    with running(options.companies, options.scale, options.sabotage) as scene:
        with scene.app.app_context():
            town = Town(scene, chance)
            backups = restore.Backups(town)
            trials = Trials(town, kinds, hits, chance)
            while (share := _share(tally, hits, options)) and _goes_on(tally, options):
                for place in range(share):
                    if place == share // 2 and tally.trials and restore.NAME in hits.by_kind:
                        hits.by_kind[restore.NAME] += backups.restore()
                    trials.run()
                tally.trials += share
                trials.calm()
                _check(town, tally)
                trials.collect()
                backups.take()
            if options.logs:
                shutil.copytree(
                    scene.stack.folder, options.logs, ignore=shutil.ignore_patterns("postgres", "redis")
                )
        tally.seconds = round(time.monotonic() - started, 1)
    tally.hits, tally.short = dict(sorted(hits.by_kind.items())), hits.short(options.trials)
    if tally.is_clean and tally.short:
        _say(f"STRUCK TOO SELDOM: {tally.short}")
    print(json.dumps(vars(tally)))
    return 0 if tally.is_clean and not tally.short else 1


def _goes_on(tally: Tally, options: argparse.Namespace) -> bool:
    """What is broken on purpose has to be found as a loss or as something that is there twice."""
    if options.sabotage:
        return not (tally.lost or tally.duplicated)
    return tally.is_clean or bool(options.go_on)


def _share(tally: Tally, hits: Hits, options: argparse.Namespace) -> int:
    """How many trials come before the next comparison. While a kind has struck too seldom, up to a quarter more."""
    left = options.trials - tally.trials
    if left <= 0 and hits.short(options.trials) and tally.trials < options.trials * 1.25:
        left = max(1, options.trials // 8)
    return int(min(options.every, max(0, left)))


def _check(town: Town, tally: Tally) -> None:
    """Quiet, then the books."""
    quiet = wait_for_quiet(town.scene, town.office, PATIENCE)
    found, failures = town.judged(), evidence.failed_jobs()
    for name, told in vars(found).items():
        setattr(tally, name, getattr(tally, name) + len(told))
    tally.stuck += len(quiet.stuck)
    tally.failed_jobs += len(failures)
    tally.answered += quiet.seen_to
    tally.left_out = town.office.left_out
    tally.sentences = dict(town.sentences.checked)
    tally.records = records()
    wrong = {name: getattr(tally, name) for name in WRONG if getattr(tally, name)}
    told = ", ".join(f"{count} {name}" for name, count in wrong.items()) or "nothing wrong"
    counted = f"{tally.records} records, {tally.left_out} left out, quiet after {quiet.seconds:.1f} s"
    _say(f"{datetime.now(UTC):%H:%M:%S} {tally.trials} trials, {counted}: {told}")
    _explain(found, quiet.stuck, failures)
    for row in sorted(quiet.stood_still):
        _say(f"STOOD STILL FOR A WHILE: {evidence.history(row)}")


def _explain(found: Verdicts, stuck: list[int], failures: list[str]) -> None:
    for name, told in vars(found).items():
        for what in told:
            _say(f"{name.upper()}: {what}")
    for row in stuck:
        _say(f"STUCK: {evidence.history(row)}")
    for failure in failures:
        _say(f"FAILED JOB: {failure}")


def _leave(signal_number: int, frame: FrameType | None) -> None:
    """Through every `finally`, so that no process is left behind."""
    sys.exit(1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--companies", type=int, default=6)
    parser.add_argument("--every", type=int, default=25, metavar="N", help="compare the books after N trials")
    parser.add_argument("--scale", type=int, default=20, help="seconds that pass in a real one")
    parser.add_argument("--break", dest="sabotage", choices=BREAKS, help="prove that the bench can fail")
    parser.add_argument("--without", nargs="*", default=[], choices=NAMES, help="kinds that do not strike")
    parser.add_argument("--kinds", nargs="+", default=[], choices=NAMES, help="only these strike")
    parser.add_argument(
        "--alone", action="store_const", dest="without", const=list(HANDS), help="without a bookkeeper"
    )
    parser.add_argument("--go-on", action="store_true", help="also after something was found wrong")
    parser.add_argument("--logs", type=Path, help="keep what the processes wrote in this new folder")
    options = parser.parse_args()
    if options.kinds:
        options.without = [name for name in NAMES if name not in options.kinds]
    return options


if __name__ == "__main__":
    sys.exit(main())
