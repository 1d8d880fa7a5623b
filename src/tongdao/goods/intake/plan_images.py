"""Which pictures a product gets: those of its own rows first, then those that only a variant names."""

from __future__ import annotations

from tongdao.goods.catalog.importing import ParsedImage, ParsedProduct
from tongdao.goods.catalog.models import ProductImage
from tongdao.goods.intake.holding import Held
from tongdao.goods.intake.plans import ProductPlan, assign
from tongdao.goods.intake.problems import Problem

URL_BYTES_MAX = 2000  # what an index of the database holds


def plan_images(plan: ProductPlan, parsed: ParsedProduct, held: Held) -> dict[str, ProductImage]:
    """All pictures of the file by their address; positions count from 1 in the file's order."""
    known = {image.source_url: image for image in held.images}
    wanted = _wanted(plan, parsed)
    found = {}
    for position, image in enumerate(wanted, 1):
        row = known.get(image.url)
        if row is None:
            row = ProductImage(product=plan.product, source_url=image.url, position=position, alt=image.alt)
            plan.new_images.append(row)
        elif assign(row, position=position, alt=image.alt):
            plan.changed_images.append(row)
        found[image.url] = row
    _move_behind(plan, [row for row in held.images if row.source_url not in found], len(found))
    return found


def _wanted(plan: ProductPlan, parsed: ParsedProduct) -> list[ParsedImage]:
    named = {image.url: image for image in parsed.images}
    for variant in parsed.variants:
        if variant.image_url:
            named.setdefault(variant.image_url, ParsedImage(variant.line, variant.image_url, 0, ""))
    long = [image for image in named.values() if len(image.url.encode()) > URL_BYTES_MAX]
    plan.problems += [Problem(image.line, "Image Src", "too_long_here") for image in long]
    return [image for image in named.values() if image not in long]


def _move_behind(plan: ProductPlan, others: list[ProductImage], count: int) -> None:
    """Pictures that an earlier file named follow those of this one. Our own uploads stay where they are."""
    if count == 0:
        return
    fetched = [row for row in others if row.source_url.startswith(("http://", "https://"))]
    for position, row in enumerate(fetched, count + 1):
        if assign(row, position=position):
            plan.changed_images.append(row)
