from tongdao.compliance.retention.models import Erasure, TakeOut
from tongdao.foundation.personal import holds

holds(
    Erasure,
    "kept",
    shows=("state", "asked_at", "due_at", "ended_at"),
    laws=("retention.logs",),
    since="asked_at",
)
holds(TakeOut, "kept", shows=("state", "asked_at", "ready_at"), laws=("retention.logs",), since="asked_at")
