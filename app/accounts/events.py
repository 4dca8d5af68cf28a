"""What happens to companies, announced in the past tense inside the transaction that did it.

Receivers run before the commit and may write in the same session.
"""

from blinker import Signal

plan_changed = Signal("A company moved to another plan; sent with the company's id as sender.")
