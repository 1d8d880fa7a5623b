from tongdao.foundation.personal import holds
from tongdao.goods.editing.models import GoodsBatch

holds(GoodsBatch, "kept", person="staff_id", shows=("kind", "created_at"))
