"""The demo storefront itself, with everything that it sells."""

from __future__ import annotations

from tongdao.config.demo.goods import DemoStore
from tongdao.config.demo.goods_home import BRAND, HOME
from tongdao.config.demo.goods_tea import TEA

STORE = DemoStore(
    slug="tingxiu",
    company="汀岫手作工坊（演示）",
    name="汀岫",
    brand=BRAND,
    tagline="山里慢慢来的日用之物",
    about="茶在秋天采，碗在冬天烧。我们只做自己每天在用的几样东西，做完一窑，再做下一窑。",
    hero="hero.svg",
    hero_alt="窗外远山与落日，窗前木桌上一把陶壶、两只茶杯",
    avatar="avatar.svg",
    products=(*TEA, *HOME),
)
