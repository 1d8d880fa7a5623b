"""Transfers to persons: taken, failed, taken back, forgotten; asked for twice, and against the rules."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
from wechatpayv3 import WeChatPay

Ask = Callable[..., tuple[int, dict[str, Any]]]
REPORT = [
    {"info_type": "岗位类型", "info_content": "推广员"},
    {"info_type": "报酬说明", "info_content": "推广佣金"},
]
OPENID = "oPayee0000000000000000000001"
BACK = "https://shop.example/promote/tea/income"


@pytest.fixture
def bill_no(number: str) -> str:
    """A number of letters and digits that no other test uses."""
    return number.replace("-", "")


@pytest.fixture
def send(client: WeChatPay, bill_no: str, ask: Ask) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Ask for a transfer of 12.30 yuan, but for what is said otherwise."""

    def run(**other: Any) -> tuple[int, dict[str, Any]]:
        terms: dict[str, Any] = {
            "out_bill_no": bill_no,
            "transfer_scene_id": "1005",
            "openid": OPENID,
            "transfer_amount": 1230,
            "transfer_remark": "推广佣金",
            "transfer_scene_report_infos": REPORT,
        }
        return ask(client.mch_transfer_bills, **(terms | other))

    return run


@pytest.fixture
def state(client: WeChatPay, bill_no: str, ask: Ask) -> Callable[[], dict[str, Any]]:
    """What a query says."""

    def run() -> dict[str, Any]:
        status, answer = ask(client.mch_transfer_bills_query, out_bill_no=bill_no)
        assert status == 200, answer
        return answer

    return run


@pytest.fixture
def quick(sandbox: Any, bill_no: str) -> Callable[..., None]:
    """A mode for this transfer, in which nothing takes long."""

    def run(**mode: Any) -> None:
        sandbox.do("/modes", scope="transfer", key=bill_no, mode={"transfer_delay_seconds": 0} | mode)

    return run


def pages_url(papers: dict[str, str], made: dict[str, Any]) -> str:
    query = {"mchId": papers["mchid"], "appId": papers["appid"], "package": made["package_info"]}
    return f"{papers['gateway']}/transfer/confirm?{httpx.QueryParams(query | {'redirect_url': BACK})}"


def press(url: str, button: str) -> httpx.Response:
    page = httpx.get(url)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    target = httpx.URL(url).copy_with(path="/transfer/confirm", query=None)
    return httpx.post(
        str(target), data={k: v.replace("&amp;", "&") for k, v in fields.items()} | {"action": button}
    )


def test_the_payee_takes_it_and_the_merchant_is_told(
    send: Any, state: Any, quick: Any, papers: dict[str, str], client: WeChatPay, shop: Any, bill_no: str
) -> None:
    quick()
    status, made = send(user_name="林小满")
    assert (status, made["state"]) == (200, "WAIT_USER_CONFIRM")
    url = pages_url(papers, made)
    page = httpx.get(url).text
    assert "山茶小铺" in page and "12.30" in page and "推广佣金" in page
    assert press(url, "later").headers["location"] == BACK and state()["state"] == "WAIT_USER_CONFIRM"
    assert press(url, "take").headers["location"] == BACK
    headers, body = shop.wait(1)[0]
    event = client.callback(headers, body)
    assert event["event_type"] == "MCHTRANSFER.BILL.FINISHED"
    resource = event["resource"]
    assert (resource["out_bill_no"], resource["state"]) == (bill_no, "SUCCESS")
    assert (resource["transfer_amount"], resource["openid"]) == (1230, OPENID)
    assert state()["state"] == "SUCCESS" and "已经到账" in httpx.get(url).text


def test_asking_again_gives_the_same_bill_as_it_is_now(send: Any, sandbox: Any, bill_no: str) -> None:
    first = send()[1]
    assert send()[1]["transfer_bill_no"] == first["transfer_bill_no"]
    sandbox.do("/settle_transfer", out_bill_no=bill_no, state="FAIL", fail_reason="ACCOUNT_FROZEN")
    again = send()[1]
    assert (again["state"], again["fail_reason"]) == ("FAIL", "ACCOUNT_FROZEN")
    status, answer = send(transfer_amount=1231)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")


def test_an_answer_lost_after_the_effect_makes_one_bill(
    send: Any, sandbox: Any, papers: dict[str, str], bill_no: str
) -> None:
    sandbox.do("/faults", operation="transfer", key=bill_no, kind="LOST_AFTER")
    with pytest.raises(requests.ConnectionError):
        send()
    assert send()[0] == 200
    rows = sandbox.control("GET", f"/transfers?mchid={papers['mchid']}").json()["data"]
    assert [row["out_bill_no"] for row in rows] == [bill_no]


@pytest.mark.parametrize("start", ["WAIT_USER_CONFIRM", "ACCEPTED", "PROCESSING"])
def test_who_does_not_take_it_in_time_loses_it(
    send: Any, state: Any, quick: Any, shop: Any, start: str
) -> None:
    quick(transfer_start=start, transfer_life_seconds=0)
    assert send()[1]["state"] == start
    shop.wait(1)
    assert (state()["state"], state()["fail_reason"]) == ("FAIL", "OVERDUE_CLOSE")


def test_what_was_accepted_waits_for_its_payee(
    send: Any, state: Any, quick: Any, sandbox: Any, bill_no: str, shop: Any
) -> None:
    quick(transfer_start="ACCEPTED")
    assert "package_info" not in send()[1]
    sandbox.do("/confirm", out_bill_no=bill_no)
    shop.wait(1)
    assert state()["state"] == "SUCCESS"


def test_a_name_that_is_not_the_payees_fails(
    send: Any, state: Any, quick: Any, sandbox: Any, bill_no: str, shop: Any
) -> None:
    quick(transfer_outcome="FAIL", transfer_fail_reason="NAME_NOT_CORRECT")
    send(user_name="别人")
    sandbox.do("/confirm", out_bill_no=bill_no)
    shop.wait(1)
    assert (state()["state"], state()["fail_reason"]) == ("FAIL", "NAME_NOT_CORRECT")


def test_it_is_taken_back_before_it_is_taken_and_not_after(
    client: WeChatPay, send: Any, state: Any, quick: Any, ask: Ask, sandbox: Any, bill_no: str, shop: Any
) -> None:
    quick()
    send()
    status, answer = ask(client.mch_transfer_bills_cancel, bill_no)
    assert (status, answer["state"]) == (200, "CANCELING")
    shop.wait(1)
    assert state()["state"] == "CANCELLED"
    assert sandbox.control("POST", "/confirm", {"out_bill_no": bill_no}).status_code == 400
    assert ask(client.mch_transfer_bills_cancel, bill_no)[1]["state"] == "CANCELLED"


def test_a_transfer_that_was_taken_is_not_taken_back(
    client: WeChatPay, send: Any, quick: Any, ask: Ask, sandbox: Any, bill_no: str, shop: Any
) -> None:
    quick()
    send()
    sandbox.do("/confirm", out_bill_no=bill_no)
    shop.wait(1)
    status, answer = ask(client.mch_transfer_bills_cancel, bill_no)
    assert (status, answer["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"transfer_amount": 9}, "INVALID_REQUEST"),
        ({"transfer_amount": 20_001}, "INVALID_REQUEST"),
        ({"transfer_amount": 29, "user_name": ""}, ""),
        ({"transfer_scene_report_infos": REPORT[:1]}, "INVALID_REQUEST"),
        ({"transfer_scene_report_infos": []}, "PARAM_ERROR"),
        ({"out_bill_no": "not-a-number!"}, "PARAM_ERROR"),
        ({"appid": "wx0000000000000000"}, "APPID_MCHID_NOT_MATCH"),
    ],
)
def test_what_the_rules_allow(send: Any, other: dict[str, Any], code: str) -> None:
    status, answer = send(**other)
    assert (status, answer.get("code", "")) == (400 if code else 200, code)


def test_large_ones_need_the_payees_name(send: Any, quick: Any) -> None:
    quick(transfer_most_fen=500_000)
    assert send(transfer_amount=200_000, user_name="林小满")[0] == 200


def test_an_empty_account_sends_nothing(
    send: Any, quick: Any, ask: Ask, client: WeChatPay, bill_no: str
) -> None:
    quick(transfer_balance="short")
    status, answer = send()
    assert (status, answer["code"]) == (403, "NOT_ENOUGH")
    assert ask(client.mch_transfer_bills_query, out_bill_no=bill_no)[0] == 404


def test_a_bill_by_wechats_own_number_and_of_nobody_else(
    client: WeChatPay, send: Any, ask: Ask, sandbox: Any, connect: Any
) -> None:
    made = send()[1]
    found = ask(client.mch_transfer_bills_query, transfer_bill_no=made["transfer_bill_no"])
    assert (found[0], found[1]["transfer_bill_no"]) == (200, made["transfer_bill_no"])
    other = connect(sandbox.do("/merchants", name="别家"))
    status, answer = ask(other.mch_transfer_bills_query, transfer_bill_no=made["transfer_bill_no"])
    assert (status, answer["code"]) == (404, "NOT_FOUND")


def test_it_survives_a_kill(own_sandbox: Any, connect: Any, ask: Ask, bill_no: str) -> None:
    terms = {"out_bill_no": bill_no, "transfer_scene_id": "1005", "openid": OPENID, "transfer_amount": 1230}
    terms |= {"transfer_remark": "推广佣金", "transfer_scene_report_infos": REPORT}
    client = connect(own_sandbox.papers)
    assert ask(client.mch_transfer_bills, **terms)[0] == 200
    own_sandbox.do("/confirm", out_bill_no=bill_no)
    own_sandbox.kill()
    own_sandbox.start()
    client = connect(own_sandbox.papers)
    own_sandbox.do("/settle_transfer", out_bill_no=bill_no, state="SUCCESS")
    assert ask(client.mch_transfer_bills_query, out_bill_no=bill_no)[1]["state"] == "SUCCESS"
