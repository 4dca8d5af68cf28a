"""An address where work is done, as a value: what a service location says, and what an invoice keeps of it."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Place:
    label: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return any(astuple(self))

    @property
    def city_line(self) -> str:
        """Portland, OR 97205, as far as it is known."""
        return ", ".join(filter(None, (self.city, f"{self.state} {self.postal_code}".strip())))

    @property
    def lines(self) -> list[str]:
        """As on an envelope, below a name; without the label."""
        return [line for line in (self.street, self.city_line, self.country) if line]

    @property
    def in_one_line(self) -> str:
        """Main office: 12 Elm Street, Portland, OR 97205."""
        address = ", ".join(self.lines)
        return ": ".join(filter(None, (self.label, address)))
