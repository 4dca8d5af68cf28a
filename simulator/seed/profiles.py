"""Who the seeded companies are and how they tax."""

from dataclasses import dataclass, field

from simulator.seed.sales_tax import by_place
from simulator.seed.tax_codes import Tax

US_DOLLAR = {"value": "USD", "name": "United States Dollar"}
POUND = {"value": "GBP", "name": "British Pound Sterling"}


@dataclass(frozen=True)
class Profile:
    realm: str
    name: str
    country: str
    currency: dict[str, str]
    address: dict[str, str]
    taxes: tuple[Tax, ...]
    automated_tax: bool = False
    custom_numbers: bool = True
    custom_fields: dict[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    employees: tuple[str, ...] = ("Emily Platt",)
    vendors: tuple[str, ...] = ("Brosnahan Insurance Agency", "Norton Lumber and Building Materials")


PROFILES = (
    Profile(
        realm="9130357992221046",
        name="Sandbox Company US 1",
        country="US",
        currency=US_DOLLAR,
        address={
            "Line1": "123 Sierra Way",
            "City": "San Pablo",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "87999",
            "Country": "USA",
        },
        taxes=(
            Tax("California", (("California", "8"),)),
            Tax("Tucson", (("AZ State tax", "7.1"), ("Tucson City", "2"))),
        ),
        custom_fields={"1": "Crew #"},
    ),
    Profile(
        realm="9130357992221047",
        name="Sandbox Company US 2",
        country="US",
        currency=US_DOLLAR,
        address={
            "Line1": "2700 Coast Avenue",
            "City": "Mountain View",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "94043",
            "Country": "USA",
        },
        taxes=by_place(),
        automated_tax=True,
    ),
    Profile(
        realm="9130357992221048",
        name="Sandbox Company UK",
        country="GB",
        currency=POUND,
        address={"Line1": "14 Harbour Street", "City": "Whitby", "PostalCode": "YO22 4EU", "Country": "GBR"},
        taxes=(
            Tax("20.0% S", (("20.0% S (Sales)", "20"),)),
            Tax("5.0% R", (("5.0% R (Sales)", "5"),)),
            Tax("0.0% Z", (("0.0% Z (Sales)", "0"),)),
            Tax("Exempt", (("Exempt (Sales)", "0"),)),
        ),
    ),
    Profile(
        realm="9130357992221049",
        name="Sandbox Company US 3",
        country="US",
        currency=US_DOLLAR,
        address={
            "Line1": "88 Canal Road",
            "City": "Tucson",
            "CountrySubDivisionCode": "AZ",
            "PostalCode": "85701",
            "Country": "USA",
        },
        taxes=(Tax("Tucson", (("AZ State tax", "7.1"), ("Tucson City", "2"))),),
        custom_numbers=False,
        custom_fields={"1": "Crew #"},
        classes=("Installation", "Service"),
        locations=("Tucson", "Phoenix"),
    ),
)
