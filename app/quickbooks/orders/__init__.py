"""What people ask for: push this record now, in the way they chose; leave it as it is; leave it out."""

from app.quickbooks.orders.connection import (
    apply_preferences,
    connect,
    disconnect,
    end_pause,
    hold,
    retry_cause,
    start,
)
from app.quickbooks.orders.found import link_found, set_found_apart
from app.quickbooks.orders.identity import (
    link_all,
    link_asked,
    link_to_remote,
    name_all,
    send_another,
    unlink_customer,
    use_name,
    use_same_number,
)
from app.quickbooks.orders.leaving_out import (
    leave_out,
    leave_out_cause,
    leave_out_never_sent,
    take_back_alike,
)
from app.quickbooks.orders.never_sent import send_earlier, send_never_sent, send_places, send_unsent
from app.quickbooks.orders.records import (
    forget_difference,
    leave_asked,
    leave_different,
    make_again,
    overwrite,
    overwrite_asked,
    push,
)

__all__ = [
    "apply_preferences",
    "connect",
    "disconnect",
    "end_pause",
    "forget_difference",
    "hold",
    "leave_asked",
    "leave_different",
    "leave_out",
    "leave_out_cause",
    "leave_out_never_sent",
    "link_all",
    "link_asked",
    "link_found",
    "link_to_remote",
    "make_again",
    "name_all",
    "overwrite",
    "overwrite_asked",
    "push",
    "retry_cause",
    "send_another",
    "send_earlier",
    "send_never_sent",
    "send_places",
    "send_unsent",
    "set_found_apart",
    "start",
    "take_back_alike",
    "unlink_customer",
    "use_name",
    "use_same_number",
]
