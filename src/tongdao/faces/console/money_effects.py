"""What giving money back does, in numbers: who gets what, and who gets less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.console.typed import text
from tongdao.faces.kit.money_text import yuan
from tongdao.foundation.money import Fen
from tongdao.party.network.models import Promoter
from tongdao.trade.aftersales.refusals import RefundChanged
from tongdao.trade.aftersales.standing import LineBack
from tongdao.trade.orders.models.agreed import ShareKind


def amount_seen(form: Mapping[str, object]) -> int:
    """The fen that stood on the button. Raises RefundChanged where they cannot be read."""
    seen = text(form, "expected", 20)
    if not (seen.isascii() and seen.isdigit()):
        raise RefundChanged()
    return int(seen)


def money_effects(backs: Sequence[LineBack]) -> list[str]:
    """The buyer first, then whose shares give it up, the largest first."""
    lost: defaultdict[tuple[str, UUID | None], int] = defaultdict(int)
    for back in backs:
        for share, fen in back.lost:
            lost[share.kind, share.beneficiary if share.kind == ShareKind.PROMOTER else None] += fen
    names = {
        row.id: row.shown_name for row in Promoter.objects.filter(pk__in=[who for _kind, who in lost if who])
    }
    all_of_it = Fen(sum(back.now.fen for back in backs))
    told = [_("¥%(amount)s goes back to the buyer, the way it was paid.") % {"amount": yuan(all_of_it)}]
    freight = sum(back.now.freight_fen for back in backs)
    if freight:
        told.append(_("¥%(amount)s of it is freight.") % {"amount": yuan(Fen(freight))})
    borne = sorted(lost.items(), key=lambda each: -each[1])
    return told + [_less(kind, names.get(who, "") if who else "", fen) for (kind, who), fen in borne if fen]


def _less(kind: str, name: str, fen: int) -> str:
    words = {
        ShareKind.SELLER.value: _("¥%(amount)s less for you."),
        ShareKind.CHANNEL_FEE.value: _("¥%(amount)s of its fee comes back from the payment channel."),
        ShareKind.PROMOTER.value: _(
            "¥%(amount)s less commission for %(name)s; what is paid out already is kept back from the next."
        ),
    }
    return words[kind] % {"amount": yuan(Fen(fen)), "name": name}
