from tongdao.finance.ledger.models import Account, Transaction
from tongdao.foundation.personal import impersonal

impersonal(Account, "an owner is a promoter's or partner's row, which names nobody once it is written over")
impersonal(Transaction, "who booked: an id; the books are kept as long as the law says")
