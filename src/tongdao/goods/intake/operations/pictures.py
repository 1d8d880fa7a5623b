"""Fetching the pictures that product files name, from public addresses only, one at a time.

A machine without a network is no error: the picture waits, longer after each try, and is given up after
TRIES of them. What can never become a picture (a private address, no image, too large) is given up at once.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.fetching import Fetcher, FetchFailed
from tongdao.foundation.ids import token
from tongdao.foundation.images import BYTES_MAX, FORMATS, BadImage, ImageInfo, redraw_image
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import ImageState, Product, ProductImage

TRIES = 8
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
SECONDS = 6.0  # for one picture
PASSING = frozenset({"unreachable", "timeout", "status"})  # what another try may not meet again
DUE = """
select merchant_id, id from product_image
where state = 'pending' and source_url <> '' and (check_at is null or check_at <= %s)
order by check_at nulls first limit %s
"""


def fetch_images(now: datetime, limit: int = 3, *, fetcher: Fetcher | None = None) -> int:
    """Work off some pictures that are due; returns how many were tried. Opens its own scopes."""
    chosen = fetcher or Fetcher()

    def fetch(merchant_id: UUID, image_id: UUID) -> None:
        _fetch_one(merchant_id, image_id, now, chosen)

    return work_off(due_rows(DUE, now, limit), fetch, "fetching a picture")


def retry_images(*, actor: Actor) -> int:
    """Try all given-up pictures of the merchant again, in a merchant_scope; returns how many."""
    failed = ProductImage.objects.filter(state=ImageState.FAILED).exclude(source_url="")
    products = set(failed.values_list("product_id", flat=True))
    count = failed.update(state=ImageState.PENDING, problem="", tries=0, check_at=None)
    for product in Product.objects.filter(pk__in=products).order_by("id"):
        record(ProductUpdated(source=Code("picture")), subject=product, actor=actor)
    return count


def _fetch_one(merchant_id: UUID, image_id: UUID, now: datetime, fetcher: Fetcher) -> None:
    with merchant_scope(merchant_id):
        image = _claim(image_id, now)
    if image is None:
        return
    try:
        types = FORMATS.values()
        got = fetcher.fetch(image.source_url, max_bytes=BYTES_MAX, timeout=SECONDS, allowed_types=types)
        content, info = redraw_image(got.content)
    except (FetchFailed, BadImage) as error:
        if error.code not in PASSING or image.tries >= TRIES:
            with merchant_scope(merchant_id):
                _waiting(image_id).update(state=ImageState.FAILED, problem=error.code)
        return
    file = store_picture(merchant_id, content, "webp")
    with merchant_scope(merchant_id):
        _take(image_id, file, info)


def _claim(image_id: UUID, now: datetime) -> ProductImage | None:
    """This worker's for now: others do not see it as due. Counted first, so that none can kill for ever."""
    due = _waiting(image_id).filter(Q(check_at__isnull=True) | Q(check_at__lte=now))
    image = due.select_for_update(no_key=True, skip_locked=True).first()
    if image:
        image.check_at = now + WAITS[min(image.tries, len(WAITS) - 1)]
        image.tries += 1
        image.save(update_fields=["check_at", "tries"])
    return image


def _take(image_id: UUID, file: str, info: ImageInfo) -> None:
    stored = {"file": file, "width": info.width, "height": info.height, "problem": ""}
    if not _waiting(image_id).update(state=ImageState.READY, **stored):
        return
    product_id = ProductImage.objects.values_list("product_id", flat=True).get(pk=image_id)
    Product.objects.filter(pk=product_id).update(version=F("version") + 1, updated_at=clock.now())
    product = Product.objects.get(pk=product_id)
    record(ProductUpdated(source=Code("picture")), subject=product, actor=SYSTEM)


def _waiting(image_id: UUID) -> QuerySet[ProductImage]:
    return ProductImage.objects.filter(pk=image_id, state=ImageState.PENDING)


def store_picture(merchant_id: UUID, content: bytes, suffix: str) -> str:
    """Write a picture under its own hash, whole or not at all; its path below MEDIA_ROOT."""
    name = f"{merchant_id}/{hashlib.sha256(content).hexdigest()}.{suffix}"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{token(12)}")
        draft.write_bytes(content)
        os.replace(draft, path)
    return name
