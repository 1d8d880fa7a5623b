"""What persons are told and asked, purpose by purpose, with the words. A new text is a new version.

A notice is told: there is nothing to say no to, short of leaving (PIPL Art. 13 I 2, 17). A consent is asked:
of its own, unticked, and taken back as easily as given (PIPL Art. 14-16; Art. 23 asks separately before data
go to somebody else, Art. 24 for choices made by machines; E-Commerce Law Art. 18; Advertising Law Art. 43 for
advertising). Data that would leave the mainland (Art. 38-39) are not collected by anything here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["platform", "merchant", "promoter"]
"""Who answers for it and is told or asked: everybody by the platform, buyers and promoters by a merchant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose in one version. `{shop}` stands for the merchant, who answers for it where level is not
    platform.
    """

    purpose: str
    level: Level
    notice: bool
    version: str
    effective_from: date
    zh: str
    en: str

    def words(self, language: str, shop: str = "") -> tuple[str, str]:
        """(language, text) as shown to somebody who reads `language`; Chinese where we have no other."""
        english = language.lower().startswith("en")
        text = self.en if english else self.zh
        return ("en" if english else "zh-hans"), text.replace("{shop}", shop)


_FROM = date(2026, 11, 1)
TEXTS: tuple[Asked, ...] = (
    Asked(
        "platform_privacy",
        "platform",
        True,
        "2026-11",
        _FROM,
        "为了让您登录，我们保存您的手机号码、登录方式和登录过的设备。号码加密存放，只用于登录和账号安全。"
        "您可以随时查看、带走、更正或删除自己的资料；法律要求保存的交易记录除外。",
        "To let you sign in we keep your mobile number, your ways of signing in and the devices you used. "
        "The number is encrypted and used for signing in and the safety of the account only. You can see, "
        "take along, correct or erase your data at any time, except records of trade that the law tells us "
        "to keep.",
    ),
    Asked(
        "privacy",
        "merchant",
        True,
        "2026-11",
        _FROM,
        "{shop}为履行您的订单处理收货人、电话、地址和订单内容，并交给承运人送货；面单上电话号码打码。"
        "交易记录自完成起保存三年。",
        "To fulfil your order, {shop} handles the recipient, phone, address and contents, and gives them to "
        "the carrier; the number is masked on the label. Records of trade are kept for three years from "
        "completion.",
    ),
    Asked(
        "marketing_sms",
        "merchant",
        False,
        "2026-11",
        _FROM,
        "同意{shop}用短信告诉我新品和优惠。随时可以在这里关闭，或回复短信退订。",
        "{shop} may tell me of new goods and offers by text message. I can end it here at any time, or by "
        "answering the message.",
    ),
    Asked(
        "marketing_wechat",
        "merchant",
        False,
        "2026-11",
        _FROM,
        "同意{shop}用微信告诉我新品和优惠。随时可以在这里关闭。",
        "{shop} may tell me of new goods and offers by WeChat. I can end it here at any time.",
    ),
    Asked(
        "marketing_email",
        "merchant",
        False,
        "2026-11",
        _FROM,
        "同意{shop}用电子邮件告诉我新品和优惠。随时可以在这里关闭。",
        "{shop} may tell me of new goods and offers by e-mail. I can end it here at any time.",
    ),
    Asked(
        "personal",
        "merchant",
        False,
        "2026-11",
        _FROM,
        "同意{shop}根据我的浏览和购买向我推荐商品。不同意也能看到同样的商品和同样的价格，只是不按个人排序。",
        "{shop} may recommend goods by what I looked at and bought. Without it I see the same goods at the "
        "same prices, only not sorted for me.",
    ),
    Asked(
        "partner_sharing",
        "merchant",
        False,
        "2026-11",
        _FROM,
        "同意{shop}把我的收货人、电话和地址交给供货或发货的合作伙伴，仅用于完成我的订单。"
        "不同意时，订单由{shop}自己发货。",
        "{shop} may give recipient, phone and address to the partner who supplies or ships my order, for "
        "that order only. Without it {shop} ships the order itself.",
    ),
    Asked(  # sensitive: asked of its own (PIPL Art. 28-30), and before it goes to the channel (Art. 23)
        "payee",
        "promoter",
        False,
        "2026-11",
        _FROM,
        "同意{shop}为向我支付推广佣金处理我的真实姓名和银行卡号，并交给微信支付或银行核对姓名、完成付款。"
        "姓名和卡号加密存放，只用于付款、记账和依法报税。不同意就不能付款，佣金仍然是我的；可以随时在这里撤回。",
        "{shop} may handle my real name and the number of my bank card to pay my commission, and give them "
        "to WeChat Pay or the bank, which compare the name and pay. Both are encrypted and used for paying, "
        "the books and tax papers only. Without it nothing can be paid; the commission stays mine. I can "
        "take it back here at any time.",
    ),
)


def asked_on(day: date, level: Level) -> dict[str, Asked]:
    """The version of each purpose that is in force on `day`, by purpose, in the order of TEXTS."""
    begun = [each for each in TEXTS if each.level == level and each.effective_from <= day]
    return {each.purpose: each for each in sorted(begun, key=lambda one: one.effective_from)}
