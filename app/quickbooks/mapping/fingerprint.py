"""A short text that stays the same as long as nothing changes in QuickBooks that a push could overwrite. A person's
consent holds for what they were shown, and this is how we know it again.
"""

from hashlib import sha256

from app.quickbooks.mapping import lines
from app.quickbooks.mapping.fields import LINES, MERGED_BY_LINE, TOTAL, WORDS, essence
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory


def of(memory: Memory, kind: RecordKind) -> str:
    told = [(name, essence(name, memory.seen.get(name))) for name in sorted({*WORDS[kind], TOTAL})]
    shown = memory.seen.get(LINES, ()) if kind in MERGED_BY_LINE else ()
    of_lines = [found for line in shown if any(found := [lines.facet(line, name) for name in lines.THEIRS])]
    return sha256(repr([memory.over, told, *of_lines]).encode()).hexdigest()
