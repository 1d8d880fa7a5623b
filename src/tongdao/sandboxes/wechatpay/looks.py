"""The payer page's HTML: phone-sized, plain, without scripts, light or dark as the phone is."""

from html import escape

from tongdao.sandboxes.wechatpay.words import word

_STYLE = """
:root{color-scheme:light dark;--bg:#f4f5f4;--card:#fff;--ink:#17201b;--soft:#5b665f;--line:#e2e6e3;
--go:#067a46;--on-go:#fff;--mark-bg:#fff1d6;--mark:#7a4b00}
@media (prefers-color-scheme:dark){:root{--bg:#111513;--card:#1a201d;--ink:#eef2ef;--soft:#a6b2ab;
--line:#2d3631;--go:#3fbf82;--on-go:#06140d;--mark-bg:#3a2c10;--mark:#ffd88a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:26rem;margin:0 auto;min-height:100vh;min-height:100dvh;padding:1rem;display:flex;
flex-direction:column;gap:1rem}
header{display:flex;align-items:center;justify-content:space-between;gap:.5rem;color:var(--soft)}
header p{margin:0}
.mark{background:var(--mark-bg);color:var(--mark);border-radius:999px;padding:.125rem .75rem;font-weight:600;
white-space:nowrap}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem 1.25rem}
h1{font-size:1.125rem;font-weight:600;margin:0;text-align:center;overflow-wrap:anywhere}
.sum{font-size:2.75rem;line-height:1.2;font-weight:600;text-align:center;margin:.5rem 0 1.25rem;
font-variant-numeric:tabular-nums}
.sum small{font-size:1.5rem;margin-right:.25rem}
dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:.625rem 1rem;border-top:1px solid var(--line);
padding-top:1.25rem}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.soft{color:var(--soft);text-align:center;margin:.5rem 0 0}
form{display:flex;flex-direction:column;gap:.75rem;margin:0}
button,.button{font:inherit;font-weight:600;min-height:3rem;border-radius:.75rem;border:1px solid var(--line);
background:var(--card);color:var(--ink);display:flex;align-items:center;justify-content:center;text-decoration:none;
cursor:pointer;padding:.5rem 1rem}
button.go,.button.go{background:var(--go);border-color:var(--go);color:var(--on-go)}
input{font:inherit;min-height:3rem;border-radius:.75rem;border:1px solid var(--line);background:var(--card);
color:var(--ink);padding:.5rem .75rem;width:100%}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
label{display:flex;flex-direction:column;gap:.375rem}
footer{margin-top:auto;color:var(--soft);text-align:center;font-size:.875rem}
footer p{margin:0}
"""


def page(lang: str, body: str) -> str:
    """A whole page around `body`, marked as a sandbox."""
    title, badge, note = (word(key, lang) for key in ("title", "badge", "note"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><style>{_STYLE}</style></head><body><main>'
        f'<header><p>{title.split(" · ")[0]}</p><p class="mark">{badge}</p></header>{body}'
        f"<footer><p>{note}</p></footer></main></body></html>"
    )


def yuan(fen: int) -> str:
    """`12.30` from 1230 fen."""
    return f"{fen // 100}.{fen % 100:02d}"


def facts(rows: dict[str, str], lang: str) -> str:
    """A list of named facts; the names are keys of `words`."""
    items = "".join(f"<dt>{word(key, lang)}</dt><dd>{escape(value)}</dd>" for key, value in rows.items())
    return f"<dl>{items}</dl>"


def checkout(lang: str, title: str, amount: str, rows: dict[str, str], hidden: dict[str, str]) -> str:
    """The page on which the payer decides."""
    return _decision(lang, title, amount, rows, hidden, "/pay", "pay", "cancel")


def taking(lang: str, amount: str, rows: dict[str, str], hidden: dict[str, str], path: str) -> str:
    """The page on which the payee of a transfer decides."""
    return _decision(lang, word("transfer", lang), amount, rows, hidden, path, "take", "later")


def _decision(
    lang: str,
    title: str,
    amount: str,
    rows: dict[str, str],
    hidden: dict[str, str],
    path: str,
    yes: str,
    no: str,
) -> str:
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()
    )
    return page(
        lang,
        f'<section class="card"><h1>{escape(title)}</h1><p class="sum"><small>¥</small>{amount}</p>'
        f'{facts(rows, lang)}</section><form method="post" action="{path}">{inputs}'
        f'<button class="go" name="action" value="{yes}">{word(yes, lang)} ¥{amount}</button>'
        f'<button name="action" value="{no}">{word(no, lang)}</button></form>',
    )


def message(lang: str, key: str, note: str, back: str) -> str:
    """A page that says one thing, with a way back to the shop where there is one."""
    link = f'<a class="button go" href="{escape(back)}">{word("back", lang)}</a>' if back else ""
    return page(
        lang,
        f'<section class="card" role="status"><h1>{word(key, lang)}</h1>'
        f'<p class="soft">{word(note, lang)}</p></section>{link}',
    )


def ask_code(lang: str) -> str:
    """A page to type the content of a Native code into."""
    return page(
        lang,
        f'<section class="card"><h1>{word("scan", lang)}</h1></section>'
        '<form method="get" action="/pay/native">'
        f'<label>{word("code", lang)}<input name="code" required autocomplete="off" inputmode="url"></label>'
        f'<button class="go">{word("open", lang)}</button></form>',
    )
