from tongdao.foundation.personal import holds
from tongdao.goods.favourites.models import Favourite

holds(Favourite, "erased", shows=("product__title", "from_fen", "kept_at"))
