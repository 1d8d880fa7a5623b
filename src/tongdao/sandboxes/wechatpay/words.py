"""The payer page's words in Chinese and English; a process without Django keeps them in a table."""

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("微信支付 · 沙箱", "WeChat Pay · sandbox"),
    "badge": ("沙箱", "Sandbox"),
    "note": ("这是演示环境，不会产生真实扣款。", "This is a demo. No real money moves."),
    "payee": ("收款方", "Payee"),
    "goods": ("商品", "Item"),
    "number": ("商户单号", "Order no."),
    "deadline": ("请在此前支付", "Pay before"),
    "pay": ("支付", "Pay"),
    "cancel": ("取消", "Cancel"),
    "back": ("返回商家", "Back to the shop"),
    "paid": ("支付成功", "Payment complete"),
    "paid_note": ("商家很快会收到通知。", "The shop will be notified shortly."),
    "cancelled": ("已取消", "Cancelled"),
    "cancelled_note": (
        "您没有付款，可以返回商家重新支付。",
        "You have not paid. You can go back and pay later.",
    ),
    "ORDERPAID": ("这笔订单已经支付", "This order has already been paid"),
    "ORDER_CLOSED": ("这笔订单已关闭", "This order is closed"),
    "INVALID_REQUEST": ("已过支付时限", "The time to pay has passed"),
    "blocked_note": ("无需再次付款，请返回商家查看。", "Nothing to pay here. Please go back to the shop."),
    "unknown": ("链接无效", "This link is not valid"),
    "unknown_note": ("请返回商家重新发起支付。", "Please go back to the shop and start the payment again."),
    "bad_sign": ("支付签名不正确", "The payment's signature is wrong"),
    "bad_sign_note": (
        "商家没有用自己的密钥签名这笔支付。",
        "The shop did not sign this payment with its own key.",
    ),
    "transfer": ("商家给您转账", "A merchant sends you money"),
    "payer": ("付款方", "From"),
    "why": ("转账说明", "What for"),
    "take_before": ("请在此前收款", "Take it before"),
    "take": ("收款", "Take"),
    "later": ("暂不收款", "Not now"),
    "taken": ("收款成功", "You have taken it"),
    "taken_note": ("款项稍后到账。", "The money arrives in a moment."),
    "not_taken": ("尚未收款", "Not taken yet"),
    "not_taken_note": ("在期限内可以随时回来收款。", "You can come back and take it while there is time."),
    "transfer_ACCEPTED": ("转账正在准备", "The transfer is being prepared"),
    "transfer_PROCESSING": ("转账正在准备", "The transfer is being prepared"),
    "transfer_TRANSFERING": ("款项正在到账", "The money is on its way"),
    "transfer_SUCCESS": ("款项已经到账", "The money has arrived"),
    "transfer_FAIL": ("这笔转账已失效", "This transfer is over"),
    "transfer_CANCELING": ("商家撤回了这笔转账", "The merchant has taken this transfer back"),
    "transfer_CANCELLED": ("商家撤回了这笔转账", "The merchant has taken this transfer back"),
    "transfer_note": ("这里无需再做什么。", "There is nothing more to do here."),
    "scan": ("扫码支付", "Pay by code"),
    "code": ("二维码内容", "Content of the code"),
    "open": ("打开", "Open"),
}


def language(accept: str) -> str:
    """`zh-CN` or `en`, whichever an Accept-Language header ranks first; Chinese where it names neither."""
    ranked: list[tuple[float, int, str]] = []
    for place, item in enumerate(accept.split(",")):
        tag, _, rank = item.strip().partition(";q=")
        if tag[:2].lower() in ("zh", "en"):
            ranked.append((-_number(rank), place, tag[:2].lower()))
    return "en" if ranked and min(ranked)[2] == "en" else "zh-CN"


def _number(rank: str) -> float:
    try:
        return float(rank or "1")
    except ValueError:
        return 0.0


def word(key: str, lang: str) -> str:
    """One phrase in one language."""
    return _WORDS[key][1 if lang == "en" else 0]
