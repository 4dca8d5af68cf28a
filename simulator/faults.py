"""Every refusal of the accounting API: its code, message, status and type (contract section 5)."""

from dataclasses import dataclass

MADE_INACTIVE = (
    "Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)

MESSAGES = {
    "100": "General Authentication Error",
    "110": "Authentication OAuth Error",
    "120": "Authorization Failure",
    "130": "Accessing Wrong Cluster",
    "140": "Company Locked Out",
    "150": "Company Under Maintenance",
    "400": "MalformedRequest",
    "500": "Unsupported Operation",
    "600": "Duplicate Request ID",
    "610": "Object Not Found",
    "620": "Txn ID Cannot Be Linked",
    "630": "Duplicate Object",
    "700": "Parent Reference Invalid",
    "800": "Cannot delete object",
    "900": "Parent cannot be child",
    "1000": "Operation failed",
    "1010": "Create Failed",
    "1020": "Update Failed",
    "1040": "Batch size exceeds allowed limit",
    "2000": "Invalid or unsupported object name",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2040": "Invalid String",
    "2050": "Invalid String Length",
    "2060": "Invalid Date Format",
    "2070": "Invalid Date",
    "2080": "Invalid Number Format",
    "2090": "Invalid Number",
    "2100": "Invalid Decimal Format",
    "2110": "Invalid Decimal",
    "2120": "Invalid Type",
    "2130": "Invalid Request Id Format",
    "2140": "Invalid Amount",
    "2150": "Invalid Percent",
    "2160": "Invalid Quantity",
    "2170": "Invalid Enumeration",
    "2190": "Invalid Date Range",
    "2200": "Malformed Website Address Format",
    "2210": "Invalid Email Address format",
    "2220": "Invalid Currency Type",
    "2230": "Invalid Boolean",
    "2240": "Invalid Number Range",
    "2250": "Missing lines",
    "2290": "NegativeAmount",
    "2500": "Invalid Reference Id",
    "2600": "Invalid Request Conflict Element in Request",
    "3000": "Invalid Custom Field",
    "3001": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
    "3100": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
    "3200": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
    "3202": "message=EmptyField; errorCode=003202; statusCode=401",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "4002": "The query could not be processed",
    "5000": "Deprecated field",
    "5010": "Stale Object Error",
    "5020": "Permission Denied Error",
    "5030": "Feature Not Supported Error",
    "6000": "A business validation error has occurred while processing your request",
    "6010": "Invalid Account.AccountType && Account.SubType",
    "6070": "Amount calculation incorrect in the request.",
    "6080": "No Name Provided",
    "6090": "Discount Line missing required info",
    "6100": "Invalid Line TaxCode in the request",
    "6140": "Duplicate Document Number Error",
    "6150": "ParentRef Required Validation Error",
    "6160": "Invalid TaxCodeRef Error",
    "6170": "Invalid TxnTaxDetail Error",
    "6180": "Sub Level Limit",
    "6190": "Invalid Company Status",
    "6200": "Account Period Closed Error",
    "6210": "Account Period Closed, Cannot Update Through Services API",
    "6220": "Delete Entity Has Balance Error",
    "6230": "Invalid TaxCodeRef Error",
    "6240": "Duplicate Name Exists Error",
    "6250": "InvalidSalesCustomer",
    "6280": "Delete Customer Has Unbilled Expenses Error",
    "6420": "Email address is required",
    "6430": "Invalid account type used",
    "6440": "Transaction Detail Information Required",
    "6450": "Attempt to Void Transaction failed",
    "6480": "Matched Transaction Delete Error",
    "6540": "Deposited Transaction cannot be changed",
    "10000": "An application error has occurred while processing your request",
    "10100": "Result Set Big",
    "10200": "Company Reset",
}
SYSTEM_FAULTS = {"1000", "1010", "1020", "10000"}
SERVICE_FAULTS = {
    "100": "AUTHENTICATION",
    "110": "AUTHENTICATION",
    "120": "AUTHORIZATION",
    "3001": "SERVICE",
    "3100": "AUTHORIZATION",
    "3200": "AUTHENTICATION",
    "3202": "AUTHENTICATION",
}
STATUSES = {
    "3001": 429,
    "3100": 403,
    "3200": 401,
    "3202": 401,
    "100": 401,
    "110": 401,
    "120": 401,
    "5030": 403,
}
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


def kind_of(code: str) -> str:
    if code in SYSTEM_FAULTS:
        return "SystemFault"
    return SERVICE_FAULTS.get(code, "ValidationFault")


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
