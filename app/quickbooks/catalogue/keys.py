"""Keys of the catalogue that several rooms ask about, and the sets of them."""

CHANGED = "changed_in_quickbooks"  # by somebody, and about to be overwritten
ENTERED = "entered_differently"  # by somebody, before it was linked; we have written nothing of it
DIFFERENT = "different_there"  # found by a comparison, and not because something is about to be overwritten
VOIDED = "voided_in_quickbooks"
PAYMENT_VOIDED = "payment_voided_there"
DELETED = "remote_deleted"
TOTAL_DIFFERS = "total_differs"
VOID_HERE = "void_here_alone"  # before it ever went, and somebody has one of its number that is not
REFUND_ENTERED = "refund_entered_there"  # by somebody, and perhaps another one

# Somebody changed it in QuickBooks.
CHANGED_THERE = frozenset({CHANGED, ENTERED, DIFFERENT, VOIDED, DELETED})
# What a row says of the record there; who leaves that as it is has nothing else to send.
DIFFERS_THERE = CHANGED_THERE | {TOTAL_DIFFERS}
# It can be made again: a retry is the consent to that.
GONE_THERE = frozenset({DELETED, PAYMENT_VOIDED})

COMPANY_RESET = "company_reset"  # what we are linked to is not there any more

DOUBTFUL = "customer_doubtful"  # another name there, but the same e-mail, phone or address (matching/)
CONTRADICTS = "name_taken_contradicts"  # the same name there, but another e-mail, phone or address
DOUBTFUL_CUSTOMERS = frozenset({DOUBTFUL, CONTRADICTS})
