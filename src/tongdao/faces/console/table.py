"""All pages of the console below a merchant, as data: address, permission, what shows and what acts."""

from __future__ import annotations

from tongdao.faces.console.case_table import CASE_PAGES
from tongdao.faces.console.company_table import COMPANY_PAGES
from tongdao.faces.console.goods_table import GOODS_PAGES
from tongdao.faces.console.guard import Page
from tongdao.faces.console.lists_table import LIST_PAGES, keep
from tongdao.faces.console.pages import (
    cancel,
    channels,
    freight,
    freight_products,
    give_back,
    home,
    importing,
    links,
    money,
    order,
    orders,
    product,
    products,
    promoters,
    promotion_edit,
    promotions,
    refunds,
    reviews,
    search,
    settings,
    ship,
    sku,
)
from tongdao.faces.console.payout_table import PAYOUT_PAGES
from tongdao.faces.console.plan_table import PLAN_PAGES
from tongdao.faces.console.shipping_table import SHIPPING_PAGES
from tongdao.faces.console.talk_table import TALK_PAGES
from tongdao.party.merchants.permissions import Permission

ORDER = "orders/<uuid:order_id>"
SKU = "products/<uuid:product_id>/skus/<uuid:sku_id>"
FREIGHT = "freight/<uuid:template_id>"
PROMOTION = "promotions/<uuid:promotion_id>"
REVIEW = "reviews/<uuid:review_id>"

PAGES: tuple[Page, ...] = (
    Page("home", "", "orders.read", home.show),
    # trade
    Page("search", "search", "orders.read", search.show),
    Page("orders", "orders", "orders.read", orders.show, keep("orders")),
    Page("order", ORDER, "orders.read", order.show, section="orders"),
    Page("unmask", f"{ORDER}/address", "orders.serve", act=order.unmask, back="order", section="orders"),
    Page("ship", f"{ORDER}/ship", "orders.ship", ship.show, ship.act, section="to_ship", own_scopes=True),
    Page(
        "give_back",
        f"{ORDER}/give-back",
        "orders.refund",
        give_back.show,
        give_back.act,
        section="orders",
    ),
    Page("cancel", f"{ORDER}/cancel", "orders.serve", cancel.show, cancel.act, section="orders"),
    *SHIPPING_PAGES,
    *TALK_PAGES,
    *CASE_PAGES,
    Page("reviews", "reviews", "reviews.read", reviews.show, keep("reviews")),
    Page("review", REVIEW, "reviews.read", reviews.one, section="reviews"),
    Page(
        "review_answer",
        f"{REVIEW}/answer",
        "reviews.answer",
        act=reviews.answer,
        back="review",
        section="reviews",
    ),
    Page("review_fold", f"{REVIEW}/fold", "reviews.fold", act=reviews.fold, back="review", section="reviews"),
    Page(
        "review_unfold",
        f"{REVIEW}/unfold",
        "reviews.fold",
        act=reviews.unfold,
        back="review",
        section="reviews",
    ),
    # goods
    Page("products", "products", "goods.read", products.show, keep("products")),
    Page("product", "products/<uuid:product_id>", "goods.read", product.show, section="products"),
    Page(
        "publish",
        "products/<uuid:product_id>/publish",
        "goods.edit",
        act=product.publish,
        back="product",
        section="products",
    ),
    Page("sku", SKU, "goods.read", sku.show, section="products"),
    Page("price", f"{SKU}/price", "goods.edit", act=sku.price, back="sku", section="products"),
    Page("saleable", f"{SKU}/saleable", "goods.edit", act=sku.saleable, back="sku", section="products"),
    Page("size", f"{SKU}/size", "goods.edit", act=sku.size, back="sku", section="products"),
    Page("stock", f"{SKU}/stock", "goods.edit", act=sku.stock, back="sku", section="products"),
    Page("imports", "imports", "goods.edit", importing.show, importing.upload, own_scopes=True),
    Page(
        "import",
        "imports/<uuid:run_id>",
        "goods.edit",
        importing.one,
        importing.go,
        section="imports",
        own_scopes=True,
    ),
    # reach
    Page("promotions", "promotions", "promotions.read", promotions.show, keep("promotions")),
    Page(
        "promotion_new",
        "promotions/new",
        "promotions.edit",
        promotion_edit.new,
        promotion_edit.create,
        section="promotions",
    ),
    Page("promotion", PROMOTION, "promotions.read", promotions.one, section="promotions"),
    Page(
        "promotion_change",
        f"{PROMOTION}/change",
        "promotions.edit",
        promotion_edit.change,
        promotion_edit.save,
        section="promotions",
    ),
    Page(
        "promotion_stop",
        f"{PROMOTION}/stop",
        "promotions.edit",
        promotion_edit.confirm_stop,
        promotion_edit.stop,
        section="promotions",
    ),
    Page("links", "links", "links.create", links.show, keep("links")),
    Page("new_link", "links/new", "links.create", links.new, links.create, section="links"),
    Page("link", "links/<uuid:link_id>", "links.create", links.one, section="links"),
    Page("promoters", "promoters", "promoters.manage", promoters.show, keep("promoters")),
    Page(
        "promoter_add",
        "promoters/new",
        "promoters.manage",
        promoters.add,
        promoters.join,
        section="promoters",
    ),
    Page("promoter", "promoters/<uuid:promoter_id>", "promoters.manage", promoters.one, section="promoters"),
    Page(
        "promoter_leave",
        "promoters/<uuid:promoter_id>/leave",
        "promoters.manage",
        act=promoters.leave,
        back="promoter",
        section="promoters",
    ),
    *PLAN_PAGES,
    # money
    Page("money", "money", "money.read", money.show),
    Page("refunds", "refunds", "money.read", refunds.show, keep("refunds")),
    Page(
        "refund_retry",
        "refunds/<uuid:refund_id>/retry",
        "money.move",
        act=refunds.retry,
        back="refunds",
        section="refunds",
    ),
    *PAYOUT_PAGES,
    # the shop itself
    Page("channels", "accounts", "channels.connect", channels.show),
    Page(
        "payment_account",
        "accounts/payment",
        "channels.connect",
        channels.payment,
        channels.connect_payment,
        section="channels",
    ),
    Page(
        "carrier_account",
        "accounts/carrier",
        "channels.connect",
        channels.carrier,
        channels.connect_carrier_account,
        section="channels",
    ),
    Page(
        "wechat_app",
        "accounts/wechat",
        "channels.connect",
        channels.wechat,
        channels.connect_wechat_app,
        section="channels",
    ),
    Page("freight", "freight", "store.edit", freight.show),
    Page("freight_new", "freight/new", "store.edit", freight.new, freight.create, section="freight"),
    Page("freight_template", FREIGHT, "store.edit", freight.one, freight.change, section="freight"),
    Page(
        "freight_products",
        f"{FREIGHT}/products",
        "store.edit",
        freight_products.show,
        freight_products.act,
        section="freight",
    ),
    Page(
        "freight_default",
        f"{FREIGHT}/default",
        "store.edit",
        act=freight.make_default,
        back="freight_template",
        section="freight",
    ),
    Page(
        "freight_archive",
        f"{FREIGHT}/archive",
        "store.edit",
        act=freight.archive,
        back="freight_template",
        section="freight",
    ),
    Page("settings", "settings", "store.edit", settings.show, settings.act),
    Page(
        "domain_try",
        "settings/domain",
        "store.edit",
        act=settings.try_domain,
        back="settings",
        section="settings",
        own_scopes=True,
    ),
    *GOODS_PAGES,
    *COMPANY_PAGES,
    *LIST_PAGES,
)

PERMISSIONS: dict[str, Permission] = {page.name: page.need for page in PAGES}
"""URL name → what a role must hold, for page and action alike."""
