"""Taking an import back, and the catalogue as a file that the import reads."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import NOUNS
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.goods.intake.exporting import export_products
from tongdao.goods.intake.operations import undo_import
from tongdao.goods.intake.queries import import_run, undo_counts


def confirm(desk: Desk, run_id: UUID) -> HttpResponse:
    run = import_run(run_id)
    counts = undo_counts(run_id)
    if run.undo_until is None:
        raise NotFound()
    effects = [
        _("%(noun)s: %(count)d rows go back to what they were before the import.")
        % {"noun": NOUNS[noun], "count": count}
        for noun, count in counts.changed.items()
    ]
    if counts.made.get("product"):
        effects.append(
            _("%(count)d products that it made leave the shop. They stay in the list: price history is kept.")
            % {"count": counts.made["product"]}
        )
    if counts.made.get("sku"):
        effects.append(_("%(count)d SKUs that it made are laid aside.") % {"count": counts.made["sku"]})
    if counts.made.get("image"):
        effects.append(_("%(count)d pictures that it brought are removed.") % {"count": counts.made["image"]})
    effects += [
        _("What somebody changed since stays as it is, and is named afterwards."),
        _("Orders that were placed meanwhile keep their prices and go on."),
    ]
    context = {
        "crumbs": [
            desk.crumb(_("Import"), "imports"),
            desk.crumb(run.file_name, "import", run_id=run_id),
            desk.crumb(_("Undo")),
        ],
        "effects": effects,
        "button": _("Undo the import"),
        "back": desk.url("import", run_id=run_id),
    }
    return desk.show("confirm", _("Undo the import of %(file)s") % {"file": run.file_name}, context)


def undo(desk: Desk, run_id: UUID) -> HttpResponse:
    undo_import(run_id, actor=desk.actor)
    return desk.done(_("The import is being taken back."), "import", run_id=run_id)


def export(desk: Desk) -> StreamingHttpResponse:  # it opens its scopes while it is sent
    name = f"products-{clock.now():%Y%m%d-%H%M}.csv"
    pieces = export_products(desk.merchant_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
