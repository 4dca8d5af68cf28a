"""Python's garbage collector, told not to search what stays."""

import gc

YOUNG = 3_000  # new objects before it looks at them; a page or a wave makes more than Python's 700


def leave_the_code_out() -> None:
    """Call it once, when all is imported: what is there then stays, and is not searched again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
