"""What happens to customers, announced in the past tense inside the transaction that did it.

Receivers run before the commit and may write in the same session; they are called with the company's id
as sender and `ids`, the customers' ids (already flushed).
"""

from blinker import Signal

customers_changed = Signal("Customers were created or edited; `ids` names them.")
bill_to_changed = Signal("What an invoice prints of customers was changed; `ids` names them.")
