"""A refusal of the accounting API on its way to the client, and those that several rules raise."""

from dataclasses import dataclass

from simulator.fault_codes import MESSAGES, STATUSES, kind_of

MADE_INACTIVE = (
    "Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)

OF_THE_GATEWAY = (401, 403)  # in front of the books: the token is looked at before they know of the request
REFUSED_BY_THE_BOOKS = {"5030"}  # with such a status all the same


@dataclass(frozen=True)
class FaultError:
    """One entry of a fault's Error list."""

    code: str
    message: str
    detail: str
    element: str | None = None


class Fault(Exception):
    """A refusal on its way to the client, one or several errors with one HTTP status."""

    def __init__(self, errors: list[FaultError], status: int = 400, kind: str = "ValidationFault") -> None:
        super().__init__(f"{errors[0].code} {errors[0].detail}")
        self.errors, self.status, self.kind = errors, status, kind

    @property
    def is_definite(self) -> bool:
        """Whether the books themselves refused, so that the answer is kept for the request id."""
        if self.status in OF_THE_GATEWAY and self.errors[0].code not in REFUSED_BY_THE_BOOKS:
            return False
        return self.kind == "ValidationFault" and self.status < 500


def error(code: str, detail: str = "", element: str | None = None) -> FaultError:
    message = MESSAGES.get(code, "Unknown error")
    return FaultError(code, message, detail or message, element)


def fault(code: str, detail: str = "", element: str | None = None) -> Fault:
    """The refusal of that code with the status and the type it has in the catalogue."""
    return Fault([error(code, detail, element)], STATUSES.get(code, 400), kind_of(code))


def not_found() -> Fault:
    return fault("610", f"Object Not Found : {MADE_INACTIVE}")


def deleted_transaction() -> Fault:
    return fault("610", "Object Not Found : Another user has deleted this transaction.")


def business(detail: str) -> Fault:
    return fault("6000", f"Business Validation Error: {detail}")


def required(element: str) -> Fault:
    return fault("2020", f"Required parameter {element} is missing in the request", element)


def bad_reference(element: str, detail: str = "") -> Fault:
    return fault("2500", f"Invalid Reference Id : {detail or element}", element)


TOO_MANY = "The request limit was reached. Try again later"


def throttled() -> Fault:
    return fault("3001", TOO_MANY)


def quota_used_up(status: int, body: str) -> Fault:
    """What a read beyond the month's quota gets. Its body is not published (contract section 3.1): it may name the
    quota, or be that of any throttle.
    """
    message = MESSAGES["3001"].replace("429", str(status))
    if body == "plain":
        return Fault([FaultError("3001", message, TOO_MANY)], status, kind_of("3001"))
    detail = "The monthly quota of CorePlus calls is used up. Reads are blocked until the next month begins."
    return Fault([FaultError("3001", message, detail)], status, kind_of("3001"))


def unauthenticated(detail: str) -> Fault:
    return fault("3200", detail)
