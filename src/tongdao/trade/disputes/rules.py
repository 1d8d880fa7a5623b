"""What a ruling may cite: the law, or the platform's own rule, by code; the faces have the words."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "seven_days": "Consumer Protection Law Art. 25",
    "quality": "Consumer Protection Law Art. 24",
    "as_described": "E-Commerce Law Art. 17",
    "delivery": "E-Commerce Law Art. 20",
    "promise": "E-Commerce Law Art. 49",
    "deception": "Consumer Protection Law Art. 55",
    "goods_used": "Interim Measures for Seven-Day No-Reason Returns Art. 8 and 9",
    "excluded": "Interim Measures for Seven-Day No-Reason Returns Art. 6 and 7",
    "evidence": "Civil Procedure Law Art. 67",
    "fairness": "the platform's after-sale rules",
}
"""Code → source."""
