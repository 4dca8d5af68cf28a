"""What an Owner does about rows that ask: reads both sides, answers, tries again, in the end leaves it out."""

import random
import time
from collections import Counter
from collections.abc import Callable

from app.extensions import db
from app.quickbooks.catalogue.keys import DIFFERS_THERE, DOUBTFUL
from app.quickbooks.models import SyncTask, TaskState
from app.quickbooks.outbox.choices import choices
from devtools.chaos.diary import Diary, Entry
from devtools.chaos.owner import Owner
from devtools.chaos.registry import SUFFIX
from devtools.chaos.said import Said
from devtools.chaos.scene import look_anew
from devtools.chaos.sentences import Sentences, left_by_the_page, unsure_fields

Owns = Callable[[Entry, str], bool]  # whether the record of that Id in QuickBooks was made for the entry
TRIES = 4  # answers and retries, until somebody leaves the row out


class Office:
    """Of all companies; keeps count of what was asked."""

    def __init__(
        self, diary: Diary, said: Said, sentences: Sentences, owns: Owns, chance: random.Random
    ) -> None:
        self._diary, self._said, self._sentences, self._chance = diary, said, sentences, chance
        self._owns = owns
        self._asked: Counter[int] = Counter()
        self.left_out = 0

    def see_to(self, owner: Owner, task_id: int) -> None:
        """One row in backoff or error."""
        look_anew()
        task = db.session.get_one(SyncTask, task_id)
        if task.state not in (TaskState.ERROR, TaskState.BACKOFF):
            return
        entry = self._diary.of(task.kind.value, task.record_id)
        self._asked[task_id] += 1
        if entry:
            self._sentences.check_row(entry, task)
        if task.state is TaskState.BACKOFF or entry is None:
            owner.retry(task_id)
        elif self._asked[task_id] > TRIES:
            self.left_out += 1
            owner.leave_out(task.kind.value, task.record_id)
        elif task.kind.value == "invoice" and task.problem in DIFFERS_THERE:
            self._compare(owner, entry)
        else:
            self._choose(owner, entry, task)

    def _compare(self, owner: Owner, entry: Entry) -> None:
        """Both sides are shown; what may be chosen depends on them."""
        page = owner.preview(entry.id)
        moment = time.time()
        self._sentences.check_preview(entry, page)
        buttons = {
            "leave": ("left-different", "Leave it"),
            "overwrite": (f"/invoices/{entry.id}/quickbooks?", "in QuickBooks</button>"),
            "queue": (f"/invoices/{entry.id}/quickbooks?", "Queue it</button>"),
        }
        offered = [name for name, (form, label) in buttons.items() if form in page and label in page]
        if offered:
            choice = self._chance.choice(offered)
            if owner.choose(buttons[choice][0]) and choice != "queue":
                self._said.answer(moment, entry, choice, left_by_the_page(entry.entity, page))

    def _choose(self, owner: Owner, entry: Entry, task: SyncTask) -> None:
        """By one of the row's own buttons; where there is none but Retry, that one. People know their own record
        when they see it: what was made for this very one they never call another.
        """
        offered = choices(task)
        may = {
            "link": bool(offered.link),
            "name": offered.may_rename,
            "number": offered.may_repeat_number,
            "another": offered.may_be_another,
            "overwrite": offered.may_overwrite,
            "again": offered.may_restore,
            "leave": offered.may_leave,
        }
        choice = self._chance.choice([name for name, it_may in may.items() if it_may] or ["retry"])
        if offered.link and self._owns(entry, offered.link):
            choice = "link"
        asked, covers = task.problem, unsure_fields(entry.entity, task.message)
        typed = {"name": f"{entry.now['name']}{SUFFIX}"} if choice == "name" else {}
        moment = time.time()
        is_done = owner.answer(task.id, "retry" if choice == "again" else choice, **typed)
        if choice == "retry" and asked == "payment_unapplied":
            choice = "overwrite"  # the row says that a retry applies it to its invoice
        if choice == "link" and asked == DOUBTFUL:
            choice = "same"
        if is_done and choice != "retry":
            self._said.answer(moment, entry, choice, covers)
