"""Refunds in part over HTTP, against the hand-written transaction that writes the same rows.

Staff give one of three units back, with its freight: `POST …/orders/{order_id}/refunds`, another order each
time, over 64 connections. The reference's transactions find the order by its number, change what changes and
insert the rest, one statement a table (README.md: as for payments).
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from bench.load import LoadFailed, send_load
from bench.paying import MOST_SECONDS, write_requests
from bench.reference import CLIENTS, back_script, run_pgbench
from bench.report import Result, result, shown
from bench.session import Session, kept_template, note
from bench.stack import say
from bench.template import Template
from bench.world import owner_connection

UNIT = "refunds/s, hand-written transactions; more is better"
TOKEN = "td_bench_owner"  # noqa: S105 of a world that is thrown away
TABLE = """
create table if not exists bench_back (n bigint primary key, orders uuid, purchase uuid, person uuid,
  line uuid, allocation uuid, attempt uuid, commission uuid, seller_share uuid, promoter_share uuid,
  fee_share uuid);
create sequence if not exists bench_next_back;
grant select on bench_back to tongdao_app;
grant usage on sequence bench_next_back to tongdao_app
"""
COLUMNS = ("orders", "purchase", "person", "line", "allocation", "attempt", "commission")
NUMBER = "refund_no"  # an id like others, but of no row
# Of received orders that no refund has touched, the oldest numbers first.
TAKE = """
insert into bench_back
select %s + row_number() over (order by o.id), o.id, o.purchase_id, o.person_id, l.id, a.id, p.attempt_id,
  c.id, seller.id, promoter.id, fee.id
from "order" o
join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
join allocation a on a.merchant_id = o.merchant_id and a.line_id = l.id
join payment_allocation p on p.merchant_id = o.merchant_id and p.order_id = o.id
join waterfall_share seller on seller.merchant_id = o.merchant_id and seller.line_id = l.id
  and seller.kind = 'seller'
join waterfall_share promoter on promoter.merchant_id = o.merchant_id and promoter.line_id = l.id
  and promoter.kind = 'promoter'
join waterfall_share fee on fee.merchant_id = o.merchant_id and fee.line_id = l.id
  and fee.kind = 'channel_fee'
join commission c on c.merchant_id = o.merchant_id and c.share_id = promoter.id
where o.merchant_id = %s and o.state = 'completed' and o.released_at is null
and o.id > coalesce((select b.orders from bench_back b order by b.n desc limit 1),
  '00000000-0000-0000-0000-000000000000')
order by o.id limit %s
"""
BACK = """
select count(*) from bench_back b join line_refunded r on r.line_id = b.line
join refund f on f.order_id = b.orders and f.amount_fen = r.goods_fen + r.freight_fen
where b.n >= %s and b.n < %s and r.quantity = 1
"""


def measure(found: Session, rounds: int, count: int) -> Result:
    """`rounds` times: `count` refunds of ours, as many by hand. Raises LoadFailed, ReferenceFailed."""
    script = back_script(template(found), found.world)
    _ours(found, 640)  # what only first requests do is done
    ours, theirs = [], []
    for number in range(rounds):
        ours.append(_ours(found, count))
        theirs.append(_by_hand(found, script, count))
        note(f"round {number + 1}: ours {shown(ours[-1])}/s, by hand {shown(theirs[-1])}/s")
    mine, other = sorted(ours)[rounds // 2], sorted(theirs)[rounds // 2]
    say(f"refunds: {mine / other:.2f} × hand-written transactions")
    return result("refunds", mine, other, UNIT)


def _ours(found: Session, count: int) -> float:
    orders = _take(found, count)
    requests = [_request(found, order["orders"], order["line"]) for order in orders]
    prefix = write_requests(found.stack, "refunds", requests)
    found.rest()
    load = send_load(found.stack.base_url, prefix, MOST_SECONDS, status=201)
    _check(found, orders, f"{load}")
    if load.refused or load.broken:
        raise LoadFailed(f"{load.refused} refunds were refused, {load.broken} connections broke: {load}")
    return load.rate


def _by_hand(found: Session, script: str, count: int) -> float:
    orders = _take(found, count)
    found.one("select setval('bench_next_back', %s, false)", orders[0]["n"])
    found.rest()
    measured = run_pgbench(found.stack, script, "back", count=count)
    _check(found, orders, "the reference")
    return measured.rate


def _check(found: Session, orders: list[dict[str, Any]], who: str) -> None:
    done = found.one(BACK, orders[0]["n"], orders[-1]["n"] + 1)
    if done != len(orders):
        raise LoadFailed(f"{done} of {len(orders)} orders have their refund: {who}")


def _take(found: Session, count: int) -> list[dict[str, Any]]:
    """So many orders, a multiple of the reference's clients. Raises LoadFailed where too few are left."""
    with owner_connection(found.stack, found.world) as connection:
        connection.execute(TABLE)
        row = connection.execute("select coalesce(max(n), 0) from bench_back").fetchone()
        last = row[0] if row else 0
        whole = count if count == 1 else count - count % CLIENTS
        connection.execute(TAKE, [last, found.world.merchant_id, whole])
        names = ("n", *COLUMNS, "seller_share", "promoter_share", "fee_share")
        rows = connection.execute(
            f"select {', '.join(names)} from bench_back where n > %s order by n".encode(), [last]
        ).fetchall()
    if len(rows) < whole:
        raise LoadFailed(f"{whole} orders are to get a refund, {len(rows)} are left")
    found.admin.execute("analyze")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _request(found: Session, order_id: UUID, line_id: UUID) -> bytes:
    body = json.dumps(_wish(line_id)).encode()
    head = (
        f"POST {_path(found, order_id)} HTTP/1.1",
        f"Host: {found.stack.base_url.removeprefix('http://')}",
        f"Authorization: Bearer {TOKEN}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", ""]).encode() + body


def _path(found: Session, order_id: UUID) -> str:
    return f"/api/v1/merchants/{found.world.merchant_id}/orders/{order_id}/refunds"


def _wish(line_id: UUID) -> dict[str, Any]:
    from uuid import uuid4

    lines = [{"line_id": str(line_id), "quantity": 1}]
    return {"lines": lines, "freight": "share", "reason": "quality", "case_id": str(uuid4())}


def _give_token(found: Session) -> None:
    """To the shop's owner, for a day."""
    found.admin.execute(
        """insert into access_token (id, person_id, digest, created_at, expires_at)
        select uuidv7(), person_id, sha256(convert_to(%s, 'UTF8')), now(), now() + interval '1 day'
        from staff_member where merchant_id = %s on conflict do nothing""",
        [TOKEN, found.world.merchant_id],
    )


def template(found: Session) -> Template:
    """What one refund writes; one before it has made what only a first one makes."""
    _give_token(found)
    if not (found.stack.data_dir / "back.json").exists():
        _refund_one(found, _take(found, 1)[0])
    order = _take(found, 1)[0]
    known = {str(id): name for name, id in order.items() if name != "n"}
    written = kept_template(found, "back", lambda: _refund_one(found, order), known)
    written.fresh.append(NUMBER)
    return written


def _refund_one(found: Session, order: dict[str, Any]) -> dict[str, str]:
    import httpx

    answer = httpx.post(
        f"{found.stack.base_url}{_path(found, order['orders'])}",
        json=_wish(order["line"]),
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=30,
    )
    if answer.status_code != 201:
        raise LoadFailed(f"a refund was answered {answer.status_code}: {answer.text[:2000]}")
    number = found.one("select refund_no from refund where order_id = %s", order["orders"])
    return {str(UUID(number)): NUMBER}
