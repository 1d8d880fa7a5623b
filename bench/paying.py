"""The second half of a paid order: the channel's signed notification, as many as there are orders to pay.

Attempts are made set-based, as `start_payment` makes them, and notifications are signed beforehand with the
sandbox's platform key; neither is measured.
"""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.load import THREADS, Load, send_load
from bench.reference import CLIENTS, Measured, pay_script, run_pgbench
from bench.session import Session, kept_template
from bench.stack import Stack
from bench.template import Template
from bench.world import owner_connection

OURS, REFERENCE = "number !~ '^[BF]'", "number ~ '^B'"
MOST_SECONDS = 120

# A row for each order that waits for its payment: what a notification's trade number leads to.
DUE = """
insert into bench_due (n, purchase, orders, line, share, schedule, person, member, seller, attempt, trade_no,
  amount)
select %s + row_number() over (order by o.id desc), o.purchase_id, o.id, l.id, w.id, s.id, o.person_id,
  p.member_id, o.seller_id, uuidv7(), '', s.amount_fen
from "order" o
join purchase p on p.merchant_id = o.merchant_id and p.id = o.purchase_id
join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
join waterfall_share w on w.merchant_id = o.merchant_id and w.line_id = l.id and w.kind = 'promoter'
join payment_schedule s on s.merchant_id = o.merchant_id and s.purchase_id = o.purchase_id
where o.merchant_id = %s and o.placed_at >= %s and o.state = 'placed' and o.{which}
and exists (select 1 from allocation a join reservation r on r.merchant_id = a.merchant_id and r.id = a.id
  join stock k on k.merchant_id = r.merchant_id and k.id = r.stock_id
  where a.merchant_id = o.merchant_id and a.line_id = l.id and (k.id = %s) = %s)
order by o.id desc limit %s
"""
ATTEMPTS = (
    """insert into payment_attempt (id, merchant_id, schedule_id, purchase_id, account_id, trade_no, product,
      amount_fen, currency, state, version, answer, created_at, expires_at, check_at, refunded_fen,
      channel_no)
    select d.attempt, a.merchant_id, d.schedule, d.purchase, a.id, d.trade_no, 'native', d.amount, 'CNY',
      'created', 1, '{}', now(), now() + interval '28 minutes', now() + interval '10 seconds', 0, ''
    from bench_due d, merchant_account a where a.effective_to is null and d.n > %s""",
    """insert into directory (id, kind, token, merchant_id, target_id)
    select uuidv7(), 'trade_no', trade_no, %s, attempt from bench_due where n > %s""",
    """update payment_attempt set state = 'open', version = 2, answer = '{"code_url": "weixin://wxpay/bench"}'
    where id in (select attempt from bench_due where n > %s)""",
)
# Of the attempt's id, so that a template which names the one has the other.
TRADE_NO = "update bench_due set trade_no = replace(attempt::text, '-', '') where n > %s"
WHOLE = "delete from bench_due where n > %s and n > (select max(n) - mod(max(n) - %s, %s) from bench_due)"
TABLE = """
create table if not exists bench_due (n bigint primary key, purchase uuid, orders uuid, line uuid, share uuid,
  schedule uuid, person uuid, member uuid, seller uuid, attempt uuid, trade_no text, amount bigint);
create sequence if not exists bench_next;
grant select on bench_due to tongdao_app;
grant usage on sequence bench_next to tongdao_app
"""
NAMES = ("purchase", "orders", "line", "share", "schedule", "person", "member", "attempt")


def make_due(
    session: Session, which: str, hot: bool, since: datetime, most: int, step: int = CLIENTS
) -> list[dict[str, Any]]:
    """Give up to `most` unpaid orders an open attempt, the youngest first; a multiple of `step` of them."""
    from bench.world import row_id

    stock = str(row_id("stock", 0))
    with owner_connection(session.stack, session.world) as connection:
        connection.execute(TABLE)
        last = connection.execute("select coalesce(max(n), 0) from bench_due").fetchone()[0]  # type: ignore[index]
        values = [last, session.world.merchant_id, since, stock, hot, most]
        connection.execute(DUE.format(which=which).encode(), values)
        connection.execute(WHOLE, [last, last, step])
        connection.execute(TRADE_NO, [last])
        connection.execute(ATTEMPTS[0], [last])
        connection.execute(ATTEMPTS[1], [session.world.merchant_id, last])
        connection.execute(ATTEMPTS[2], [last])
        connection.execute("select setval('bench_next', %s, %s)", [max(last, 1), last > 0])
        names = ("n", *NAMES, "trade_no", "amount")
        rows = connection.execute(
            f"select {', '.join(names)} from bench_due where n > %s order by n".encode(), [last]
        ).fetchall()
    session.admin.execute("analyze payment_attempt, bench_due, directory")
    return [dict(zip(names, row, strict=True)) for row in rows]


def notifications(session: Session, due: Iterable[dict[str, Any]]) -> list[bytes]:
    """HTTP requests as the channel sends them: encrypted for the merchant, signed, fresh."""
    from tongdao.sandboxes.wechatpay import identity, merchants, notices
    from tongdao.sandboxes.wechatpay.store import Store

    store = Store(Path(session.world.pay_data) / "sandbox.sqlite3")
    platform, merchant = identity.load(store), merchants.demo(store)
    papers = merchants.papers(merchant, platform, "http://127.0.0.1:9")
    store.close()
    host = session.stack.base_url.removeprefix("http://")
    path, made = f"/callbacks/wechat/{session.world.callback}", []
    key, serial = platform.public_key_key, platform.public_key_id
    for row in due:
        body = notices.envelope(_notice(row, papers), papers["apiv3_key"])  # type: ignore[arg-type]
        made.append(_request(host, path, body, key, serial))
    return made


def write_requests(stack: Stack, name: str, made: Sequence[bytes]) -> str:
    """HTTP requests where `send_load` finds them; the prefix of the files, one a thread."""
    prefix = str(stack.data_dir / f"{name}-")
    for thread in range(THREADS):
        Path(f"{prefix}{thread}.done").unlink(missing_ok=True)
        mine = made[thread::THREADS]
        Path(f"{prefix}{thread}").write_bytes(b"".join(request + b"\x1e" for request in mine))
    return prefix


def _notice(row: dict[str, Any], papers: dict[str, str]) -> dict[str, Any]:
    from tongdao.sandboxes.wechatpay import numbers
    from tongdao.sandboxes.wechatpay.times import rfc3339

    now, total = time.time(), int(row["amount"])
    plain = {
        "appid": papers["appid"],
        "mchid": papers["mchid"],
        "out_trade_no": row["trade_no"],
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "promotion_detail": [],
        "transaction_id": numbers.transaction_id(now),
        "trade_type": "NATIVE",
        "bank_type": "OTHERS",
        "attach": "",
        "success_time": rfc3339(now),
        "payer": {"openid": numbers.openid()},
        "amount": {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
    }
    return {
        "id": str(uuid.uuid4()),
        "kind": "transaction",
        "event_type": "TRANSACTION.SUCCESS",
        "summary": "支付成功",
        "plaintext": json.dumps(plain, ensure_ascii=False),
        "created_at": now,
    }


def _request(host: str, path: str, body: str, key: Any, serial: str) -> bytes:
    from tongdao.sandboxes.wechatpay import crypto

    stamp, nonce, sent = str(int(time.time())), secrets.token_hex(16), body.encode()
    head = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(sent)),
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": crypto.SCHEME,
        "Wechatpay-Signature": crypto.sign(key, crypto.answer_message(stamp, nonce, body)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + sent


def pay_ours(session: Session, due: list[dict[str, Any]]) -> Load:
    """Send a notification for each and wait until all are answered 200. Raises LoadFailed."""
    prefix = write_requests(session.stack, "notices", notifications(session, due))
    return send_load(session.stack.base_url, prefix, MOST_SECONDS)


def pay_reference(session: Session, template: Template, due: list[dict[str, Any]]) -> Measured:
    """The same by hand-written transactions."""
    script = pay_script(template, session.world)
    return run_pgbench(session.stack, script, "pay", count=len(due))


def pay_template(session: Session, name: str) -> Template:
    """What one payment writes. One is paid before, so that accounts and the booking day are there."""
    hour_ago: datetime = session.one("select now() - interval '1 hour'")
    if not (session.stack.data_dir / f"pay-{name}.json").exists():
        pay_some(session, make_due(session, OURS, name == "hot", hour_ago, 1, step=1))
    due = make_due(session, OURS, name == "hot", hour_ago, 1, step=1)
    known = {str(row[column]): column for row in due for column in (*NAMES, "trade_no")}
    return kept_template(session, f"pay-{name}", lambda: pay_some(session, due), known)


def pay_some(session: Session, due: list[dict[str, Any]]) -> dict[str, str]:
    """One after the other."""
    import httpx

    for raw in notifications(session, due):
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(
            line.split(": ", 1) for line in lines if not line.startswith(("Host", "Content-Length"))
        )
        answer = httpx.post(
            f"{session.stack.base_url}{first.split()[1]}", content=body, headers=headers, timeout=30
        )
        if answer.status_code != 200:
            raise RuntimeError(f"a notification was answered {answer.status_code}: {answer.text[:500]}")
    return {}


def paid_count(session: Session, due: list[dict[str, Any]]) -> int:
    """How many of these orders are paid now."""
    ids = [row["orders"] for row in due]
    return int(session.one("select count(*) from \"order\" where id = any(%s) and state = 'paid'", ids))
