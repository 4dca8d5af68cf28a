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
    (applied.py). What `pays` its invoice names the customer that the invoice has there: another one than ours has,
    where the two were taken apart or a bookkeeper moved the invoice.
    """

    customer_id: int
    item_names: Sequence[str] = ()
    invoice: Invoice | None = None
    free_invoice_id: int | None = None
    pays: bool = False

    def keys(self, items: Mapping[str, Item]) -> list[Key]:
        """In the order in which they are waited for; `items` are our rows by name key."""
        invoice = [(RecordKind.INVOICE, self.invoice.id)] if self.invoice else []
        named = [(RecordKind.ITEM, items[key].id) for key in self._item_keys if key in items]
        return [*invoice, (RecordKind.CUSTOMER, self.customer_id), *named]

    def refs(self, links: Mapping[Key, RemoteLink], items: Mapping[str, Item]) -> Refs:
        """Once all of them are linked."""
        invoice = links[RecordKind.INVOICE, self.invoice.id] if self.invoice else None
        its_customer = invoice.memory.seen.get("CustomerRef") if invoice and self.pays else None
        return Refs(
            its_customer["value"] if its_customer else links[RecordKind.CUSTOMER, self.customer_id].remote_id,
            {key: links[RecordKind.ITEM, items[key].id].remote_id for key in self._item_keys},
            invoice.remote_id if invoice else "",
        )

    @property
    def _item_keys(self) -> list[str]:
        return sorted({name_key(name) for name in self.item_names})
