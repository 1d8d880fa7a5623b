"""The payer's page: opened by each of the three ways, in two languages, and what its buttons do."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

Ask = Callable[..., tuple[int, dict[str, Any]]]
AMOUNT = {"total": 1230, "currency": "CNY"}
BACK = "https://shop.example/s/tea/orders/1?from=pay"
H5_SCENE = {"payer_client_ip": "192.0.2.7", "h5_info": {"type": "Wap"}}


@pytest.fixture
def h5_url(client: WeChatPay, number: str, ask: Ask) -> str:
    """The H5 link of an order whose description would like to be markup."""
    h5 = {"pay_type": WeChatPayType.H5, "scene_info": H5_SCENE}
    opened = ask(client.pay, '<b>绿茶</b>"', number, AMOUNT, **h5)[1]
    return str(opened["h5_url"])


def press(page: httpx.Response, button: str) -> httpx.Response:
    """Send the page's form as a browser would."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    assert f'name="action" value="{button}"' in page.text
    return httpx.post(str(page.url.copy_with(path="/pay", query=None)), data=fields | {"action": button})


def test_shows_what_is_paid_in_the_payers_language(h5_url: str, number: str) -> None:
    chinese = httpx.get(h5_url).text
    for shown in ("山茶小铺", "¥12.30", number, "沙箱", "取消", "&lt;b&gt;绿茶&lt;/b&gt;", 'lang="zh-CN"'):
        assert shown in chinese or shown.replace("¥", "</small>") in chinese, shown
    assert "<b>" not in chinese
    english = httpx.get(h5_url, headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}).text
    assert 'lang="en"' in english
    assert "Sandbox" in english
    assert "Cancel" in english
    both = httpx.get(h5_url, headers={"Accept-Language": "en;q=0.5,zh-CN"}).text
    assert 'lang="zh-CN"' in both


def test_paying_leads_back_to_the_shop(h5_url: str, number: str, ask: Ask, client: WeChatPay) -> None:
    page = httpx.get(f"{h5_url}&{urlencode({'redirect_url': BACK})}")
    done = press(page, "pay")
    assert (done.status_code, done.headers["location"]) == (303, BACK)
    state = ask(client.query, out_trade_no=number)[1]
    assert (state["trade_state"], state["trade_type"]) == ("SUCCESS", "MWEB")
    assert press(page, "pay").status_code == 303
    assert ask(client.query, out_trade_no=number)[1]["transaction_id"] == state["transaction_id"]
    assert "已经支付" in httpx.get(h5_url).text


def test_cancelling_pays_nothing(h5_url: str, number: str, ask: Ask, client: WeChatPay) -> None:
    page = httpx.get(f"{h5_url}&{urlencode({'redirect_url': BACK})}")
    assert press(page, "cancel").headers["location"] == BACK
    assert ask(client.query, out_trade_no=number)[1]["trade_state"] == "NOTPAY"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "/pay", "https://", "http://a\r\nX: y", "ftp://a/"]
)
def test_leads_only_to_web_addresses(h5_url: str, url: str) -> None:
    page = httpx.get(f"{h5_url}&{urlencode({'redirect_url': url})}")
    done = press(page, "pay")
    assert done.status_code == 200
    assert "location" not in done.headers
    assert "支付成功" in done.text
    assert "href" not in done.text


def test_a_closed_order_cannot_be_paid(h5_url: str, number: str, ask: Ask, client: WeChatPay) -> None:
    page = httpx.get(h5_url)
    assert ask(client.close, number)[0] == 204
    refused = press(page, "pay")
    assert refused.status_code == 409
    assert "已关闭" in refused.text
    assert 'value="pay"' not in httpx.get(h5_url).text


def test_a_guessed_link_shows_nothing(h5_url: str) -> None:
    assert httpx.get(h5_url[:-1]).status_code == 404
    assert (
        httpx.post(
            str(httpx.URL(h5_url).copy_with(path="/pay", query=None)), data={"action": "pay"}
        ).status_code
        == 404
    )


def test_a_native_code_opens_the_page(client: WeChatPay, placed: str, ask: Ask, sandbox: Any) -> None:
    code_url = ask(client.pay, "云雾绿茶", placed, AMOUNT)[1]["code_url"]
    resolved = sandbox.control("GET", f"/resolve?{urlencode({'code_url': code_url})}").json()
    assert resolved["out_trade_no"] == placed
    page = httpx.get(f"{sandbox.gateway}/pay/native", params={"code": code_url})
    assert press(page, "pay").status_code == 200
    assert ask(client.query, out_trade_no=placed)[1]["trade_state"] == "SUCCESS"
    assert "<form" in httpx.get(f"{sandbox.gateway}/pay/native").text
    assert httpx.get(f"{sandbox.gateway}/pay/native?code=nosuch").status_code == 404


@pytest.fixture
def jsapi_call(client: WeChatPay, number: str, ask: Ask, papers: dict[str, str]) -> dict[str, str]:
    """What the shop's page hands to WeixinJSBridge, signed by the real client."""
    jsapi = {"pay_type": WeChatPayType.JSAPI, "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}
    prepay_id = ask(client.pay, "绿茶", number, AMOUNT, **jsapi)[1]["prepay_id"]
    parts = [papers["appid"], str(int(time.time())), uuid.uuid4().hex, f"prepay_id={prepay_id}"]
    call = dict(zip(("appId", "timeStamp", "nonceStr", "package"), parts, strict=True))
    return call | {"signType": "RSA", "paySign": client.sign(parts)}


def test_a_signed_jsapi_call_is_paid(
    client: WeChatPay, number: str, ask: Ask, sandbox: Any, jsapi_call: dict[str, str]
) -> None:
    page = httpx.get(f"{sandbox.gateway}/pay/jsapi", params=jsapi_call | {"redirect_url": BACK})
    assert press(page, "pay").headers["location"] == BACK
    paid = ask(client.query, out_trade_no=number)[1]
    assert (paid["trade_type"], paid["payer"]["openid"]) == ("JSAPI", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")


@pytest.mark.parametrize("name", ["appId", "timeStamp", "nonceStr", "signType", "paySign"])
def test_an_altered_jsapi_call_is_refused(sandbox: Any, jsapi_call: dict[str, str], name: str) -> None:
    altered = jsapi_call | {name: "0" + jsapi_call[name]}
    page = httpx.get(f"{sandbox.gateway}/pay/jsapi", params=altered)
    assert page.status_code == 403
    assert "签名" in page.text


def test_a_jsapi_call_signed_by_another_merchant_is_refused(
    sandbox: Any, jsapi_call: dict[str, str], tmp_path: Any, connect: Callable[..., WeChatPay]
) -> None:
    stranger = connect(sandbox.do("/merchants", appid=jsapi_call["appId"]))
    parts = [jsapi_call[name] for name in ("appId", "timeStamp", "nonceStr", "package")]
    forged = jsapi_call | {"paySign": stranger.sign(parts)}
    assert httpx.get(f"{sandbox.gateway}/pay/jsapi", params=forged).status_code == 403
