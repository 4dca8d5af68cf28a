"""What of ours a record names in QuickBooks, so that it has to be there first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.invoices.models import Invoice
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, RemoteLink

Key = tuple[RecordKind, int]


@dataclass(frozen=True)
class Needs:
    """`invoice` is the one that money belongs to; `free_invoice_id` one that payments may have to leave first
    (applied.py).
    """

    customer_id: int
    item_names: Sequence[str] = ()
    invoice: Invoice | None = None
    free_invoice_id: int | None = None

    def keys(self, items: Mapping[str, Item]) -> list[Key]:
        """In the order in which they are waited for; `items` are our rows by name key."""
        invoice = [(RecordKind.INVOICE, self.invoice.id)] if self.invoice else []
        named = [(RecordKind.ITEM, items[key].id) for key in self._item_keys if key in items]
        return [*invoice, (RecordKind.CUSTOMER, self.customer_id), *named]

    def refs(self, links: Mapping[Key, RemoteLink], items: Mapping[str, Item]) -> Refs:
        """Once all of them are linked."""
        return Refs(
            links[RecordKind.CUSTOMER, self.customer_id].remote_id,
            {key: links[RecordKind.ITEM, items[key].id].remote_id for key in self._item_keys},
            links[RecordKind.INVOICE, self.invoice.id].remote_id if self.invoice else "",
        )

    @property
    def _item_keys(self) -> list[str]:
        return sorted({name_key(name) for name in self.item_names})
