"""Taking an import back: exactly what it changed, as far as nobody changed it since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Code, as_row, record, record_many
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product
from tongdao.goods.intake.events import ImportUndone
from tongdao.goods.intake.models import UNDO_FOR, ImportChange, ImportRun
from tongdao.goods.intake.putting_back import (
    REASON,
    Changes,
    Why,
    images_back,
    prices_back,
    products_back,
    skus_back,
    stock_back,
)
from tongdao.goods.intake.refusals import ImportNotUndoable, ImportUndoOver
from tongdao.goods.intake.states import IMPORT_CHANGE, IMPORT_RUN
from tongdao.party.network.operations import own_node

PRODUCTS = 25  # of one transaction
DUE = """
select merchant_id, id from import_run where state = 'undoing' and created_at <= %s
order by row_number() over (partition by merchant_id order by id), id limit %s
"""


def undo_import(run_id: UUID, *, actor: Actor) -> ImportRun:
    """Have it taken back; the sweep does it. Raises NotFound, ImportNotUndoable or ImportUndoOver."""
    run = ImportRun.objects.select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    if run.finished_at and clock.now() >= run.finished_at + UNDO_FOR:  # asked under the lock: a sweep forgets
        raise ImportUndoOver(days=UNDO_FOR.days)
    if run.undo_until is None:
        raise ImportNotUndoable()
    begun = {"undone_by": actor.id}
    if not (
        claim(IMPORT_RUN, "done", "undoing", ImportRun, [run_id], **begun)
        or claim(IMPORT_RUN, "failed", "undoing", ImportRun, [run_id], **begun)
    ):
        raise ImportNotUndoable()
    run.refresh_from_db()
    return run


def sweep_undone_imports(now: datetime, limit: int = 5) -> int:
    """Go on with the imports that are being taken back; returns how many. Opens its own scopes."""
    return work_off(due_rows(DUE, now, limit), put_back, "sweep_undone_imports")


def put_back(merchant_id: UUID, run_id: UUID) -> None:
    """All its rows, some products a transaction; a killed one goes on where it was. Opens its own scopes."""
    while put_some_back(merchant_id, run_id):
        pass


def put_some_back(merchant_id: UUID, run_id: UUID) -> bool:
    """The rows of its next products; whether something may be left."""
    with merchant_scope(merchant_id):
        runs = ImportRun.objects.select_for_update(no_key=True, skip_locked=True)
        run = runs.filter(pk=run_id, state="undoing").first()
        if run is None:
            return False
        left = ImportChange.objects.filter(run=run, state="done")
        products = list(left.order_by("product_id").distinct("product_id")[:PRODUCTS])
        if not products:
            _finish(run)
            return False
        ids = [change.product_id for change in products]
        _put_back(run, list(left.filter(product_id__in=ids).order_by("position")))
    return True


def _put_back(run: ImportRun, changes: Changes) -> None:
    """Stock, then SKUs, pictures, products: the order in which every writer of the catalogue locks them."""
    actor = _actor(run)
    by_noun: dict[str, list[ImportChange]] = {}
    for change in changes:
        by_noun.setdefault(change.noun, []).append(change)
    why: Why = {}
    why |= stock_back(by_noun.get("stock", []), run.node_id or own_node().id, run.id, actor)
    why |= skus_back(by_noun.get("sku", []), run.merchant_id)
    why |= prices_back(by_noun.get("price", []), actor)
    why |= images_back(by_noun.get("image", []))
    why |= products_back(by_noun.get("product", []))
    _tell([each for each in changes if not why[each.id] and each.noun not in ("stock", "price")], actor)
    _note(why)


def _tell(changes: Changes, actor: Actor) -> None:
    ids = {each.product_id for each in changes}
    products = Product.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id")
    told = list(products)
    Product.objects.filter(pk__in=ids).update(version=F("version") + 1, updated_at=clock.now())
    updated = ProductUpdated(source=Code("import"))
    record_many(as_row(updated, subject=product, actor=actor, reason=REASON) for product in told)


def _note(why: Mapping[UUID, str]) -> None:
    kept = {id: {"why": code} for id, code in why.items() if code}
    claim(IMPORT_CHANGE, "done", "kept", ImportChange, kept)
    claim(IMPORT_CHANGE, "done", "undone", ImportChange, [id for id, code in why.items() if not code])


def _finish(run: ImportRun) -> None:
    claim(IMPORT_RUN, "undoing", "undone", ImportRun, [run.id], undone_at=clock.now())
    run.refresh_from_db()
    rows = ImportChange.objects.filter(run=run)
    undone, kept = rows.filter(state="undone").count(), rows.filter(state="kept").count()
    record(ImportUndone(undone=undone, kept=kept), subject=run, actor=_actor(run))


def _actor(run: ImportRun) -> Actor:
    return Actor("staff", run.undone_by) if run.undone_by else SYSTEM
