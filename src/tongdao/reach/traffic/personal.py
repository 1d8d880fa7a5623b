from tongdao.foundation.personal import holds
from tongdao.reach.traffic.models import ShareLink, Touch

holds(ShareLink, "blanked", shows=("token", "channel", "created_at"), blank={"person_id": None})
holds(Touch, "kept", shows=("channel", "at"))
