"""The bench merchant: one hot SKU, 1,000 others, buyers with API tokens who came through a promoter's link.

Ids follow from numbers (`row_id`), so that wrk, pgbench and the fill name the same rows without asking.
SKU 0 is the hot one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from bench.stack import Stack

SLUG = "bench"
SKUS = 1_000
UNITS = 1_000_000  # of each SKU: the most that may be counted
PRICE_FEN = 12_800
COMMISSION_BPS = 1_000
FEE_BPS = 60
KINDS = {"person": 1, "member": 2, "touch": 3, "product": 4, "sku": 5, "stock": 6, "token": 7, "visitor": 8}


@dataclass(frozen=True)
class World:
    """What the load needs to know. `callback` is the token of the payment channel's address."""

    merchant_id: str
    storefront_id: str
    buyers: int
    callback: str
    pay_data: str  # directory of the payment sandbox's keys


def row_id(kind: str, number: int) -> UUID:
    return UUID(f"{KINDS[kind]:08x}-0000-7000-8000-{number:012x}")


def id_sql(kind: str, number: str) -> str:
    """The same as an SQL expression over a number."""
    return f"('{KINDS[kind]:08x}-0000-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"


def token_text(buyer: int) -> str:
    return f"td_bench_{buyer}"


def make_world(stack: Stack, buyers: int) -> World:
    """The world of this data directory, made when it is not there yet."""
    path = stack.data_dir / "world.json"
    if path.exists():
        return World(**json.loads(path.read_text(encoding="utf-8")))
    world = _make_merchant(stack.data_dir, buyers)
    with owner_connection(stack, world) as connection:
        _make_buyers(connection, world)
    path.write_text(json.dumps(asdict(world)), encoding="utf-8")
    return world


def owner_connection(stack: Stack, world: World) -> psycopg.Connection[tuple[object, ...]]:
    """As the owner of the tables, in the merchant's scope: policies, triggers and constraints all hold."""
    connection: psycopg.Connection[tuple[object, ...]] = psycopg.connect(stack.urls.owner)
    connection.execute("select set_config('tongdao.merchant', %s, false)", [world.merchant_id])
    connection.commit()
    return connection


def _make_merchant(data_dir: Path, buyers: int) -> World:
    from bench.promoting import promote
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.party.merchants.operations import connect_account, open_merchant
    from tongdao.party.network.operations import join_promoter, own_node
    from tongdao.party.people.operations import create_guest
    from tongdao.reach.traffic.operations import create_link
    from tongdao.terms.plans.operations import set_plan

    owner, promoter = create_guest(), create_guest()
    actor = Actor("staff", owner.id)
    merchant, front = open_merchant(name="Bench", slug=SLUG, owner_id=owner.id, actor=actor)
    pay_data = data_dir / "wechatpay"
    with merchant_scope(merchant.id):
        node = own_node()
        set_plan(COMMISSION_BPS, actor=actor)
        joined = join_promoter(promoter.id, shown_name="Bench", actor=actor)
        create_link(channel="chat", promoter_id=joined.id, actor=actor)
        account = connect_account(_account_terms(pay_data), actor=actor)
        _make_goods(node.id, actor)
        promote(actor, row_id("sku", 0))
    return World(str(merchant.id), str(front.id), buyers, account.callback_token, str(pay_data))


def _account_terms(pay_data: Path) -> object:
    """An account at the payment sandbox, whose keys are made here; the sandbox itself need not run."""
    from tongdao.party.merchants.operations.accounts import AccountTerms
    from tongdao.sandboxes.wechatpay import identity, merchants
    from tongdao.sandboxes.wechatpay.store import Store

    pay_data.mkdir(mode=0o700, exist_ok=True)
    store = Store(pay_data / "sandbox.sqlite3")
    papers = merchants.papers(merchants.demo(store), identity.load(store), "http://127.0.0.1:9")
    store.close()
    return AccountTerms(
        mchid=papers["mchid"],
        appid=papers["appid"],
        certificate_serial=papers["cert_serial_no"],
        private_key=papers["merchant_private_key"],
        api_v3_key=papers["apiv3_key"],
        platform_key_id=papers["platform_public_key_id"],
        platform_public_key=papers["platform_public_key"],
        gateway_url=papers["gateway"],
        fee_bps=FEE_BPS,
    )


def _make_goods(node_id: UUID, actor: object) -> None:
    from tongdao.foundation import clock
    from tongdao.goods.catalog.models import PriceChange, Product, Sku
    from tongdao.goods.inventory.models import Stock
    from tongdao.goods.inventory.operations import set_on_hand

    numbers = range(SKUS + 1)
    Product.objects.bulk_create(
        Product(id=row_id("product", n), handle=f"bench-{n}", title=f"云雾绿茶 {n:04d} 号", published=True)
        for n in numbers
    )
    Sku.objects.bulk_create(
        Sku(
            id=row_id("sku", n),
            product_id=row_id("product", n),
            position=1,
            code=f"BENCH-{n:04d}",
            currency="CNY",
            price_fen=PRICE_FEN,
        )
        for n in numbers
    )
    PriceChange.objects.bulk_create(
        PriceChange(sku_id=row_id("sku", n), version=1, price_fen=PRICE_FEN, at=clock.now()) for n in numbers
    )
    Stock.objects.bulk_create(
        Stock(id=row_id("stock", n), sku_id=row_id("sku", n), node_id=node_id) for n in numbers
    )
    counts = {row_id("sku", n): UNITS for n in numbers}
    set_on_hand(counts, node_id=node_id, reason="count", actor=actor)


BUYERS = (
    """insert into person (id, password, shown_name, is_active, created_at)
    select {person}, '!' || repeat('x', 40), null, true, now() from generate_series(1, {buyers}) n""",
    """insert into access_token (id, person_id, digest, created_at, expires_at)
    select {token}, {person}, sha256(convert_to('td_bench_' || n, 'UTF8')), now(), now() + interval '30 days'
    from generate_series(1, {buyers}) n""",
    """insert into member (id, merchant_id, person_id, joined_at)
    select {member}, '{merchant}', {person}, now() from generate_series(1, {buyers}) n""",
    """insert into touch (id, merchant_id, link_id, promoter_id, channel, visitor, person_id, at)
    select {touch}, '{merchant}', link.id, link.promoter_id, link.channel, {visitor}, {person}, now()
    from generate_series(1, {buyers}) n, share_link link where link.merchant_id = '{merchant}'""",
)


def _make_buyers(connection: psycopg.Connection[tuple[object, ...]], world: World) -> None:
    """Guests who were here before: each is a member, has a token, and came through the promoter's link."""
    names = {kind: id_sql(kind, "n") for kind in KINDS}
    for statement in BUYERS:
        text = statement.format(**names, buyers=world.buyers, merchant=world.merchant_id)
        connection.execute(text.encode())
    connection.commit()
