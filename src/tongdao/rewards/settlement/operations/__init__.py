from tongdao.rewards.settlement.operations.batching import (
    REJECT_REASONS,
    approve_batch,
    propose_batch,
    reject_batch,
)
from tongdao.rewards.settlement.operations.cutting import send_again
from tongdao.rewards.settlement.operations.ending import give_up, note_bank_payment
from tongdao.rewards.settlement.operations.payees import PayeeTerms, check_payee, say_payee
from tongdao.rewards.settlement.operations.sending import (
    TransferMismatch,
    record_transfer,
    send_transfer,
    sweep_transfers,
)
from tongdao.rewards.settlement.operations.unmasking import Revealed, unmask_payee, unmask_payout

__all__ = [
    "REJECT_REASONS",
    "PayeeTerms",
    "Revealed",
    "TransferMismatch",
    "approve_batch",
    "check_payee",
    "give_up",
    "note_bank_payment",
    "propose_batch",
    "record_transfer",
    "reject_batch",
    "say_payee",
    "send_again",
    "send_transfer",
    "sweep_transfers",
    "unmask_payee",
    "unmask_payout",
]
