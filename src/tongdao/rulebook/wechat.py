"""WeChat's limits. Defaults: a merchant account may hold others, by agreement with the channel."""

from __future__ import annotations

from datetime import date, timedelta

from tongdao.rulebook.registry import Rule, define

_SPLIT = "WeChat Pay profit sharing documentation"
_TRANSFER = "WeChat Pay merchant transfer documentation"
_SDK = "WeChat JS-SDK and mini-programme documentation"
_READ = date(2025, 1, 1)

SPLIT_CAP_BPS = define("wechat.split_cap_bps", Rule(3_000, _READ, _SPLIT, "A"))
SPLIT_REQUESTS = define("wechat.split_requests", Rule(50, _READ, _SPLIT, "A"))
SPLIT_RECEIVERS = define("wechat.split_receivers", Rule(50, _READ, _SPLIT, "A"))
SPLIT_RECEIVER_LIST = define("wechat.split_receiver_list", Rule(20_000, _READ, _SPLIT, "A"))
FREEZE_ECOMMERCE = define("wechat.freeze_ecommerce", Rule(timedelta(days=180), _READ, _SPLIT, "A"))
FREEZE_ORDINARY = define("wechat.freeze_ordinary", Rule(timedelta(days=30), _READ, _SPLIT, "A"))

TRANSFER_MIN_FEN = define("wechat.transfer_min_fen", Rule(10, _READ, _TRANSFER, "A"))
TRANSFER_MAX_FEN = define("wechat.transfer_max_fen", Rule(20_000, _READ, _TRANSFER, "A"))
TRANSFER_REAL_NAME_FEN = define("wechat.transfer_real_name_fen", Rule(200_000, _READ, _TRANSFER, "A"))
TRANSFER_CONFIRM = define("wechat.transfer_confirm", Rule(timedelta(hours=24), _READ, _TRANSFER, "A"))

TICKET_LIFE = define("wechat.ticket_life", Rule(timedelta(seconds=7_200), _READ, _SDK, "U"))
LINK_LIFE = define("wechat.link_life", Rule(timedelta(days=30), _READ, _SDK, "U"))
LINKS_A_DAY = define("wechat.links_a_day", Rule(500_000, _READ, _SDK, "U"))
SCENE_LENGTH = define("wechat.scene_length", Rule(32, _READ, _SDK, "U"))
