"""Which goods may be sold only with a permit of the company, or with a number of the product itself.

Codes only: faces name them. The rest of the law (who may deliver, what may be said) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tongdao.rulebook.registry import Rule, define

KINDS = (
    "food_business",  # 食品经营许可证
    "medical_device_business",  # 医疗器械经营许可证 or 备案凭证
    "drug_business",  # 药品经营许可证
    "publication_business",  # 出版物经营许可证
)


@dataclass(frozen=True, slots=True)
class Needs:
    """`licence` is one of KINDS or empty; `number`: each product carries a registration or filing number."""

    licence: str = ""
    number: bool = False


_NEEDS: Mapping[str, Needs] = {
    "food": Needs("food_business"),
    "health_food": Needs("food_business", number=True),
    "infant_formula": Needs("food_business", number=True),
    "cosmetics": Needs(number=True),
    "medical_device": Needs("medical_device_business", number=True),
    "drug": Needs("drug_business", number=True),
    "publication": Needs("publication_business", number=True),
}
_LAW = (
    "Food Safety Law Art. 35, 74-82; Cosmetics Regulations (Order 727) Art. 17-18; Medical Device Regulations"
    " (Order 739) Art. 13, 41-42; Drug Administration Law Art. 24, 51; Publication Regulations Art. 35"
)

CATEGORIES = define("licences.categories", Rule(_NEEDS, date(2021, 6, 1), _LAW, "C"))
"""Category of a product → what it needs; a category that is not in it needs nothing."""
