"""Filling the demo merchant. Every step first looks whether it is done, so a second time changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tongdao.config.demo.buying import stage_at
from tongdao.config.demo.cases import fill_cases
from tongdao.config.demo.gateways import fill_carrier, fill_payments, fill_wechat
from tongdao.config.demo.goods import DemoStore
from tongdao.config.demo.offers import fill_freight, fill_offers
from tongdao.config.demo.payouts import fill_payouts
from tongdao.config.demo.people import (
    OPERATOR,
    PROMOTERS,
    STAFF,
    demo_password,
    demo_person,
    fill_operator,
    fill_promoters,
    fill_staff,
)
from tongdao.config.demo.private import write_private
from tongdao.config.demo.referrals import fill_referrals
from tongdao.config.demo.reviews import fill_reviews
from tongdao.config.demo.shelves import drawing, fill_goods, fill_pictures
from tongdao.config.demo.talks import fill_talks
from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.merchants.models import Brand, Role, Storefront
from tongdao.party.merchants.operations import open_merchant
from tongdao.party.merchants.operations.storefronts import edit_storefront
from tongdao.reach.traffic.models import ShareLink
from tongdao.reach.traffic.operations import create_link
from tongdao.terms.plans.operations import set_plan
from tongdao.terms.plans.queries import plan_at

COMMISSION_BPS = 1_000
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that `tongdao demo` prints; `where` is a path or a full address."""

    what: str
    where: str
    sign_in: str = ""


def fill(store: DemoStore, data_dir: Path, carrier_url: str, say: Say, *, wechat_url: str = "") -> list[Row]:
    """The demo merchant with staff, goods, promoters and gateways; returns where to look.

    The rows are also written to demo.json, readable for us only: they hold the password.
    """
    password = demo_password(data_dir)
    owner = demo_person(*STAFF[Role.OWNER], password)
    actor = Actor("staff", owner.id)
    merchant_id = _open(store, owner.id, actor, say)
    say(f"staff: {fill_staff(merchant_id, password, actor=actor)} new")
    say(f"operator: {'made' if fill_operator(password) else 'is there already'}")
    say(f"goods: {fill_goods(merchant_id, store.products, actor=actor)} new")
    say(f"pictures: {fill_pictures(merchant_id, store.products)} new")
    say(f"freight: {'set' if fill_freight(merchant_id, actor=actor) else 'is there already'}")
    say(f"promotions: {fill_offers(merchant_id, actor=actor)} new")
    promoters = fill_promoters(merchant_id, password)
    links = _promote(merchant_id, promoters, store.products[0].handle, actor)
    sandboxes = data_dir / "sandboxes"
    paying = fill_payments(merchant_id, sandboxes / "wechatpay" / "merchant.json", actor=actor)
    carrying = fill_carrier(merchant_id, sandboxes / "carrier" / "account.json", carrier_url, actor=actor)
    say(f"payment account: {paying}")
    say(f"carrier account: {carrying}")
    say(f"WeChat: {fill_wechat(merchant_id, sandboxes / 'wechat', wechat_url, actor=actor)}")
    front = directory.lookup("storefront", store.slug)
    if front:
        sold_by = links[0]
        with stage_at(merchant_id, front.id, sandboxes / "wechatpay", link=sold_by, staff=actor) as stage:
            say(f"reviews: {fill_reviews(stage, password) if stage else 0} new")
            say(f"orders by a promoter's link: {fill_referrals(stage, password) if stage else 0} new")
            say(f"payouts: {fill_payouts(stage, promoters, links[1], password) if stage else 0} new")
            say(f"after-sale cases: {fill_cases(stage, password) if stage else 0} new")
            say(f"conversations: {fill_talks(merchant_id) if stage else 0} new")
    rows = _rows(store, links, password)
    _write(data_dir / "demo.json", rows)
    return rows


def _open(store: DemoStore, owner_id: UUID, actor: Actor, say: Say) -> UUID:
    found = directory.lookup("storefront", store.slug)
    if found is None:
        open_merchant(name=store.company, slug=store.slug, owner_id=owner_id, actor=actor)
        found = directory.lookup("storefront", store.slug)
    assert found is not None
    hero = drawing(found.merchant_id, store.hero)
    with merchant_scope(found.merchant_id):
        dressed = _dress(store, found.id, hero, actor)
    say(f"merchant: {store.company} {'opened' if dressed else 'is there already'}")
    return found.merchant_id


def _dress(store: DemoStore, storefront_id: UUID, hero: str, actor: Actor) -> bool:
    """Name, notice and large picture of a shop that has none yet; later changes by hand stay."""
    bare = Storefront.objects.filter(pk=storefront_id, hero="")
    front = bare.first()
    if front is None:
        return False
    edit_storefront(front.id, name=store.name, notice=store.tagline, actor=actor)
    Brand.objects.filter(pk=front.brand_id).update(name=store.brand)
    return bool(bare.update(hero=hero))


def _promote(merchant_id: UUID, promoters: list[UUID], handle: str, actor: Actor) -> list[str]:
    """Tokens of the demo's links: the first promoter's to the store, the second one's to a product."""
    with merchant_scope(merchant_id):
        if plan_at(clock.now()) is None:
            set_plan(COMMISSION_BPS, actor=actor)
        product_id = Product.objects.values_list("id", flat=True).get(handle=handle)
        wanted = list(zip(promoters, ("moments", "chat"), (None, product_id), strict=True))
        return [_link(promoter, channel, product, actor) for promoter, channel, product in wanted]


def _link(promoter_id: UUID, channel: str, product_id: UUID | None, actor: Actor) -> str:
    made = ShareLink.objects.filter(promoter_id=promoter_id, channel=channel).order_by("created_at")
    link = next((link for link in made if link.product_id == product_id), None)
    if link is None:
        link = create_link(channel=channel, promoter_id=promoter_id, product_id=product_id, actor=actor)
    return link.token


def _rows(store: DemoStore, links: list[str], password: str) -> list[Row]:
    staff = [
        Row(f"console ({role.label.lower()})", "/console/", f"{sign_in_name}  {password}")
        for role, (sign_in_name, _) in STAFF.items()
    ]
    return [
        Row(f"store {store.name}", f"/s/{store.slug}/"),
        Row("promoter's link to the store", f"/l/{links[0]}"),
        Row("promoter's link to a product", f"/l/{links[1]}"),
        Row("promoter's phone", "/promote/", f"{PROMOTERS[0][0]}  {password}"),
        Row("joining as a promoter", f"/promote/{store.slug}/join"),
        *staff,
        Row("platform (operator)", "/operator/", f"{OPERATOR[0]}  {password}"),
        Row("API docs", "/api/v1/docs", "the same, for a token"),
    ]


def _write(path: Path, rows: list[Row]) -> None:
    content = [{"what": row.what, "where": row.where, "sign_in": row.sign_in} for row in rows]
    write_private(path, json.dumps(content, ensure_ascii=False, indent=1))
