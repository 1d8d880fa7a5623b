"""Giving goods back: which may not be without a reason, by what law, and on what words of the buyer; who pays
for sending them; how long whoever has them again may look at them.

Of goods that may not be, two kinds. What the law itself excludes (Consumer Protection Law Art. 25(1)) needs
no consent, only that the buyer is told. What may be excluded by its nature (Interim Measures Art. 7) is
excluded only where the buyer agreed to it on that order, of its own and unticked beforehand (Art. 20);
without that the days stand.

A line freezes the code and `version`; the wording asked is frozen with it (`Exclusion.ask`). Never change the
words of a version: add one. Whatever is excluded here, defective goods can be given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tongdao.rulebook.registry import OWN, Rule, define
from tongdao.rulebook.trade import BOOK_START

Basis = Literal["law", "consent"]

_LAW = "Consumer Protection Law Art. 25(1)"
_MEASURES = "Interim Measures for Seven-Day No-Reason Returns (2017, as amended 2020) Art. 7"
_AGREE_ZH = "我已知道并同意：这件商品不支持七天无理由退货。"
_AGREE_EN = "I know and agree that this item cannot be returned without a reason."


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One kind of goods. `zh` and `en` name it; `ask_zh` and `ask_en` are what a buyer agrees to, empty where
    the law asks for no consent. `article`: what an arbitrator cites. `sealed`: the days stand all the same
    while the goods are unopened.
    """

    code: str
    basis: Basis
    article: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    ask_zh: str = ""
    ask_en: str = ""
    sealed: bool = False

    @property
    def needs_consent(self) -> bool:
        return self.basis == "consent"

    def name(self, language: str) -> str:
        return self.en if language.lower().startswith("en") else self.zh

    def why(self, language: str) -> str:
        return self.why_en if language.lower().startswith("en") else self.why_zh

    def ask(self, language: str) -> str:
        return self.ask_en if language.lower().startswith("en") else self.ask_zh


@dataclass(frozen=True, slots=True)
class Exclusions:
    """All kinds of one version, by code. `version` is what lines freeze."""

    version: str
    kinds: Mapping[str, Exclusion]


def _law(
    code: str, item: int, zh: str, en: str, why_zh: str, why_en: str, *, sealed: bool = False
) -> Exclusion:
    return Exclusion(code, "law", f"{_LAW} item {item}", zh, en, why_zh, why_en, sealed=sealed)


def _consent(code: str, item: int, zh: str, en: str, why_zh: str, why_en: str) -> Exclusion:
    article = f"{_MEASURES} item {item}"
    asks = (f"{why_zh}{_AGREE_ZH}", f"{why_en} {_AGREE_EN}")
    return Exclusion(code, "consent", article, zh, en, why_zh, why_en, *asks)


_KINDS = (
    _law(
        "made_to_order",
        1,
        "定作商品",
        "Made to order",
        "按您的要求定作的商品，依法不适用七天无理由退货。",
        "Goods made to your order: by law they cannot be returned without a reason.",
    ),
    _law(
        "perishable",
        2,
        "鲜活易腐",
        "Fresh and perishable",
        "鲜活易腐的商品，依法不适用七天无理由退货。",
        "Fresh and perishable goods: by law they cannot be returned without a reason.",
    ),
    _law(
        "download",
        3,
        "在线下载的数字化商品",
        "Digital goods that are downloaded",
        "在线下载的数字化商品，依法不适用七天无理由退货。",
        "Digital goods that are downloaded: by law they cannot be returned without a reason.",
    ),
    _law(
        "sealed_media",
        3,
        "音像制品、计算机软件（拆封后）",
        "Recordings and software, once unsealed",
        "音像制品、计算机软件拆封后，依法不适用七天无理由退货；未拆封的可以退。",
        "Recordings and software: sealed they can be returned; by law not without a reason once unsealed.",
        sealed=True,
    ),
    _law(
        "periodical",
        4,
        "报纸、期刊",
        "Newspapers and periodicals",
        "交付的报纸、期刊，依法不适用七天无理由退货。",
        "Newspapers and periodicals: by law they cannot be returned without a reason.",
    ),
    _consent(
        "opened_hygiene",
        1,
        "拆封后影响安全健康或品质的商品",
        "Goods that opening spoils or makes unsafe",
        "拆封后容易影响人身安全、生命健康，或者品质容易改变的商品。",
        "Once opened these goods may become unsafe, unhealthy or change in quality.",
    ),
    _consent(
        "value_drops",
        2,
        "激活或试用后贬值较大的商品",
        "Goods that lose much value once used",
        "一经激活或者试用，价值贬损较大的商品。",
        "Once activated or tried these goods lose much of their value.",
    ),
    _consent(
        "near_expiry",
        3,
        "明示的临期、有瑕疵商品",
        "Near-expiry or flawed goods, sold as such",
        "销售时已明示的临近保质期或者有瑕疵的商品。",
        "These goods are near their date or flawed, as stated on their page.",
    ),
)

EXCLUSIONS = define(
    "returns.exclusions",
    Rule(
        Exclusions("2026-11", {kind.code: kind for kind in _KINDS}),
        date(2017, 3, 15),
        f"{_LAW}; {_MEASURES}",
        "B",
    ),
)

CODES = frozenset(kind.code for kind in _KINDS)
"""Codes that a product may carry; never taken away, since lines have frozen them."""


def exclusion(code: str, on: date | datetime) -> Exclusion | None:
    """The kind of that code in force then; None for "" and for a code that is not known."""
    return EXCLUSIONS.on(on).kinds.get(code)


def exclusion_of(code: str, version: str) -> Exclusion | None:
    """The kind as a line froze it; None for "" and for what no version has."""
    found = (rule.value for rule in EXCLUSIONS.versions if rule.value.version == version)
    return next((each.kinds.get(code) for each in found), None)


Payer = Literal["shop", "buyer"]


@dataclass(frozen=True, slots=True)
class Carriage:
    """Who pays for sending goods back: `fault` reasons are the shop's, all others the buyer's own choice,
    for which the shop may offer to pay. The articles are what an arbitrator cites.
    """

    fault: frozenset[str]
    fault_article: str
    choice_article: str

    def payer(self, reason: str, *, offered: bool) -> Payer:
        return "shop" if reason in self.fault or offered else "buyer"

    def article(self, reason: str) -> str:
        return self.fault_article if reason in self.fault else self.choice_article


CARRIAGE = define(
    "returns.carriage",
    Rule(
        Carriage(
            frozenset({"damaged", "missing", "wrong_item", "quality", "not_as_described"}),
            "Consumer Protection Law Art. 24(2)",
            "Consumer Protection Law Art. 25(3)",
        ),
        date(2014, 3, 15),
        "Consumer Protection Law Art. 24(2): who sold faulty goods bears carriage and other necessary costs; "
        "Art. 25(3): without a reason the consumer bears it, unless otherwise agreed",
        "B",
    ),
)
"""Who pays for sending goods back, by the reason of the case."""

CHECK_SIGNED = define("returns.check_signed", Rule(timedelta(days=3), BOOK_START, OWN, "A"))
"""From when we hear that the carrier handed the returned goods over, until the seller has said that it has
them, or what is wrong; silence is a yes. Within the seven days of Art. 25(3), which run from the
handing over.
"""

TRACK_SILENT = define("returns.track_silent", Rule(timedelta(hours=48), BOOK_START, OWN, "A"))
"""After that long without a single scan the buyer is told that the waybill number may be wrong."""
