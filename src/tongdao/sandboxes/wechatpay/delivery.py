"""One attempt to bring a notification to its merchant."""

import http.client
from urllib.parse import urlsplit

from tongdao.sandboxes.wechatpay import merchants, notices
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import now

TIMEOUT_SECONDS = 5  # "须在5秒内应答"
_OPEN = ("pending", "held")


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status answered; neither proxies nor redirects are followed."""
    parts = urlsplit(url)
    https = parts.scheme == "https"
    kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        answer = connection.getresponse()
        answer.read(65536)
        return answer.status
    finally:
        connection.close()


def _send(sandbox: Sandbox, notice: Row) -> tuple[bool, str]:
    merchant = merchants.find(sandbox.store, notice["mchid"])
    assert merchant is not None
    body = notices.envelope(notice, merchant["apiv3_key"])
    headers = notices.signed_headers(sandbox, sandbox.platform.serial_for(merchant["signing"]), body)
    headers |= {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "Mozilla/4.0"}
    try:
        status = _post(notice["notify_url"], body.encode(), headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return False, f"{type(error).__name__}: {error}"
    return status in (200, 204), str(status)


def attempt(sandbox: Sandbox, notice_id: str) -> str:
    """Send the notification once and write down what came of it; the new state."""
    notice = sandbox.store.one("select * from notifications where id = ?", notice_id)
    if notice is None or notice["state"] not in _OPEN:
        return "gone" if notice is None else str(notice["state"])
    good, result = _send(sandbox, notice)
    with sandbox.store.transaction():
        state = _delivered(sandbox, notice) if good else _failed(sandbox, notice)
        sql = "update notifications set attempts = attempts + 1, last_result = ? where id = ?"
        sandbox.store.run(sql, result, notice_id)
    return state


def _delivered(sandbox: Sandbox, notice: Row) -> str:
    state = "done" if notice["copies"] <= 1 else "pending"
    sandbox.store.run(
        "update notifications set state = ?, copies = copies - 1, delivered = delivered + 1, next_at = ?"
        " where id = ?",
        state,
        now(),
        notice["id"],
    )
    release = "update notifications set state = 'pending', next_at = ?"
    release += " where state = 'held' and mchid = ? and id <> ?"
    sandbox.store.run(release, now(), notice["mchid"], notice["id"])
    return state


def _failed(sandbox: Sandbox, notice: Row) -> str:
    failures = notice["attempts"] - notice["delivered"]
    if failures >= len(notices.RETRIES):
        state, wait = "exhausted", 0.0
    else:
        state, wait = "pending", notices.RETRIES[failures] / sandbox.speed
    sql = "update notifications set state = ?, next_at = ? where id = ?"
    sandbox.store.run(sql, state, now() + wait, notice["id"])
    return state
