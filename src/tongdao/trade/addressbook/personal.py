from tongdao.foundation.personal import holds
from tongdao.trade.addressbook.models import KeptAddress

holds(KeptAddress, "erased", shows=("recipient", "phone", "detail", "division_code", "is_default", "kept_at"))
