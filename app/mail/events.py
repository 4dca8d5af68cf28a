"""What happens to messages, announced in the past tense inside the transaction that wrote it down."""

from blinker import Signal

message_settled = Signal("A message left, may have left or was given up: its id, `state` and `taken_back`.")
