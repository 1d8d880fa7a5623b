"""What staff keep of lists is theirs; what they shared with the team is the team's."""

from __future__ import annotations

from uuid import UUID

from tongdao.faces.lists.models import ExportRun, ListChoice, SavedFilter
from tongdao.foundation.personal import holds


def forget_own(person_id: UUID) -> int:
    """How lists look, and the filters that nobody else uses."""
    own = SavedFilter.objects.filter(owner_id=person_id, shared=False)
    done = ListChoice.objects.filter(person_id=person_id).delete()[0]
    used = ListChoice.objects.filter(opens_with__isnull=False).values("opens_with_id")
    return done + own.exclude(pk__in=used).delete()[0]


holds(ListChoice, "erased", erase=forget_own, shows=("noun",))
holds(SavedFilter, "kept", person="owner_id", shows=("name", "noun", "saved_at"))
holds(ExportRun, "kept", shows=("noun", "created_at"))
