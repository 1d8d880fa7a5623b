"""Names of those who did something."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.faces.lists.filters import Options
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.network.models import Promoter
from tongdao.party.people.models import Identity, IdentityKind, Person

SHOWN_NAME = Promoter._meta.get_field("shown_name")
MOST_PROMOTERS = 200  # to choose one from
LATEST = "select id, shown_name from promoter where merchant_id = %s order by id desc limit %s"


def shown_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """By person; who gave no name is left out."""
    wanted = {id for id in ids if id}
    rows = Person.objects.filter(pk__in=wanted, shown_name__isnull=False)
    return {id: name for id, name in rows.values_list("id", "shown_name") if name}


def sign_in_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """What each signs in with: an e-mail address, or a mobile number with its middle hidden."""
    rows = Identity.objects.filter(person_id__in=set(ids), valid_to__isnull=True).exclude(
        kind=IdentityKind.BROWSER
    )
    return {
        row.person_id: mask_phone(row.value) if row.kind == IdentityKind.PHONE else row.value
        for row in rows
        if row.value
    }


def promoter_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """By promoter."""
    rows = Promoter.objects.filter(pk__in=set(ids))
    return dict(rows.values_list("id", "shown_name"))


def promoter_options() -> Asking[Options]:
    """Those to choose from: the latest who joined."""
    rows = yield from ask(LATEST, [current_merchant(), MOST_PROMOTERS])
    return [(str(id), SHOWN_NAME.open(sealed)) for id, sealed in rows]
