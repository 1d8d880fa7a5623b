"""Everything that writes to the ledger."""

from tongdao.finance.ledger.drafts import Draft, Line, Posted
from tongdao.finance.ledger.operations.daily import sweep_days
from tongdao.finance.ledger.operations.posting import dry_run, post_transactions
from tongdao.finance.ledger.operations.reversing import reversal, reverse_transaction
from tongdao.finance.ledger.operations.sealing import seal_day, seal_through

__all__ = [
    "Draft",
    "Line",
    "Posted",
    "dry_run",
    "post_transactions",
    "reversal",
    "reverse_transaction",
    "seal_day",
    "seal_through",
    "sweep_days",
]
