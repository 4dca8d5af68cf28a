"""The shape of a record on the wire."""

from typing import Any

# A customer, an item, an invoice … as QuickBooks writes it in JSON (contract section 2).
RemoteRecord = dict[str, Any]
