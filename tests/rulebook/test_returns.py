from __future__ import annotations

from datetime import date

from tongdao.rulebook import returns

DAY = date(2026, 11, 23)
KINDS = returns.EXCLUSIONS.on(DAY).kinds


def test_every_code_is_short_known_and_told_in_both_languages() -> None:
    assert set(KINDS) == returns.CODES
    for code, kind in KINDS.items():
        assert kind.code == code
        assert code.isidentifier()
        assert len(code) <= 32
        assert kind.article.startswith(("Consumer Protection Law", "Interim Measures"))
        for language in ("zh-hans", "en"):
            assert kind.name(language)
            assert kind.why(language)


def test_only_what_needs_consent_has_words_to_agree_to_and_they_name_the_loss() -> None:
    asked = {code for code, kind in KINDS.items() if kind.needs_consent}
    assert asked == {"opened_hygiene", "value_drops", "near_expiry"}
    for code, kind in KINDS.items():
        assert bool(kind.ask_zh) == bool(kind.ask_en) == (code in asked)
    assert all("不支持七天无理由退货" in KINDS[code].ask("zh-hans") for code in asked)
    assert all("cannot be returned" in KINDS[code].ask("en") for code in asked)
    assert len({KINDS[code].ask("zh-hans") for code in asked}) == 3


def test_a_line_finds_the_words_of_its_own_version() -> None:
    version = returns.EXCLUSIONS.on(DAY).version
    assert returns.exclusion_of("perishable", version) is KINDS["perishable"]
    assert returns.exclusion_of("perishable", "1999-01") is None
    assert returns.exclusion("", DAY) is None
    assert returns.exclusion("free_lunch", DAY) is None
