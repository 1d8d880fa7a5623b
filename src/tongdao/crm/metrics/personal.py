from tongdao.crm.metrics.models import MemberFacts
from tongdao.foundation.personal import holds

holds(MemberFacts, "kept", shows=("orders_paid", "paid_fen", "refunded_fen", "first_paid_at", "last_paid_at"))
