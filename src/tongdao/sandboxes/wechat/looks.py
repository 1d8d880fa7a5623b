"""The pages' HTML: phone-sized, plain, without scripts, light or dark as the phone is."""

from collections.abc import Sequence
from html import escape

from tongdao.sandboxes.wechat.store import Row
from tongdao.sandboxes.wechat.words import WORDS, speaker

_STYLE = """
:root{color-scheme:light dark;--bg:#f4f5f4;--card:#fff;--ink:#17201b;--soft:#5b665f;--line:#e2e6e3;
--go:#067a46;--on-go:#fff;--mark-bg:#fff1d6;--mark:#7a4b00}
@media (prefers-color-scheme:dark){:root{--bg:#111513;--card:#1a201d;--ink:#eef2ef;--soft:#a6b2ab;
--line:#2d3631;--go:#3fbf82;--on-go:#06140d;--mark-bg:#3a2c10;--mark:#ffd88a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:26rem;margin:0 auto;min-height:100dvh;padding:1rem;display:flex;flex-direction:column;gap:1rem}
header{display:flex;justify-content:space-between;color:var(--soft)}
p{margin:0}
.mark{background:var(--mark-bg);color:var(--mark);border-radius:999px;padding:.125rem .75rem;font-weight:600}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem 1.25rem}
h1{font-size:1.125rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:0;color:var(--soft);font-weight:400}
form{display:flex;flex-direction:column;gap:.75rem;margin:0}
button{font:inherit;font-weight:600;min-height:3rem;border-radius:.75rem;border:1px solid var(--line);
background:var(--card);color:var(--ink);cursor:pointer;padding:.5rem 1rem;overflow-wrap:anywhere}
button.go{background:var(--go);border-color:var(--go);color:var(--on-go)}
input{font:inherit;min-height:3rem;border-radius:.75rem;border:1px solid var(--line);background:var(--card);
color:var(--ink);padding:.5rem .75rem;width:100%}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
label{display:flex;flex-direction:column;gap:.375rem}
footer{margin-top:auto;color:var(--soft);text-align:center;font-size:.875rem}
"""


def page(accept: str, body: str) -> str:
    """A whole page around `body`, marked as a sandbox."""
    tag, place = speaker(accept)
    title, badge, note = (WORDS[key][place] for key in ("title", "badge", "note"))
    return (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><style>{_STYLE}</style></head><body><main>'
        f'<header><p>{title.split(" · ")[0]}</p><p class="mark">{badge}</p></header>{body}'
        f"<footer><p>{note}</p></footer></main></body></html>"
    )


def wrong(accept: str, code: str) -> str:
    """A page that says one thing."""
    text = WORDS[code][speaker(accept)[1]]
    return page(accept, f'<section class="card" role="status"><h1>{text}</h1></section>')


def ask(
    accept: str, app: str, why: str, here: Row | None, others: Sequence[Row], hidden: dict[str, str]
) -> str:
    """Who goes on, and whether at all. `here` is whom the browser remembers."""
    _, place = speaker(accept)
    word = {key: texts[place] for key, texts in WORDS.items()}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()
    )
    first = _user(here, f"{word['allow']} · ", "go") if here else ""
    rest = "".join(_user(user, "", "") for user in others)
    heading = f"<h2>{word['other']}</h2>" if here else ""
    return page(
        accept,
        f'<section class="card"><h1>{escape(app)}</h1><p>{word[why]}</p></section>'
        f'<form method="post" action="/connect/decide">{inputs}{first}{heading}{rest}</form>'
        f'<form method="post" action="/connect/decide">{inputs}<label>{word["nickname"]}'
        f'<input name="nickname" maxlength="40" autocomplete="off"></label>'
        f'<button name="action" value="new">{word["new"]}</button></form>'
        f'<form method="post" action="/connect/decide">{inputs}'
        f'<button name="action" value="refuse">{word["refuse"]}</button></form>',
    )


def _user(user: Row, before: str, kind: str) -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<button{mark} name="user" value="{user["id"]}">{before}{escape(user["nickname"])}</button>'
