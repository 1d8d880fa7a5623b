"""Codes of the company's own pages in the words of the desk: rights, licences, kinds of goods, changes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.party.merchants.models import AgreementKind
from tongdao.party.merchants.permissions import Permission

PERMISSION_WORDS: dict[Permission, Promise] = {
    "staff.manage": _("Invite, change and remove staff; make roles"),
    "company.edit": _("Company, licences and agreements"),
    "store.edit": _("Brands, the shop's name, pages and freight"),
    "goods.read": _("See goods"),
    "goods.edit": _("Change goods, prices and stock; import"),
    "orders.read": _("See orders"),
    "orders.ship": _("Ship orders"),
    "orders.serve": _("Cancel for a buyer, see addresses"),
    "orders.refund": _("Give money back"),
    "links.create": _("Make links"),
    "promoters.manage": _("Promoters and their commission"),
    "money.read": _("See books and refunds"),
    "money.move": _("Send refunds again; propose payouts and see them through"),
    "payouts.approve": _("Approve payouts that somebody else proposed"),
    "events.read": _("See everything that happened"),
    "promotions.read": _("See promotions"),
    "promotions.edit": _("Make and stop promotions"),
    "reviews.read": _("See reviews"),
    "reviews.answer": _("Answer reviews"),
    "reviews.fold": _("Fold reviews, with a reason"),
    "channels.connect": _("Payment and carrier accounts"),
    "members.read": _("See members"),
    "members.merge": _("Propose that two members are one person"),
    "lists.export": _("Export lists"),
    "lists.unmask": _("Export names, phones and addresses in full"),
}

LICENCES: dict[str, Promise] = {
    "food_business": _("Food business licence"),
    "medical_device_business": _("Medical device business licence or filing"),
    "drug_business": _("Drug business licence"),
    "publication_business": _("Publication business licence"),
}

GOODS: dict[str, Promise] = {
    "": _("Needs no licence"),
    "food": _("Food"),
    "health_food": _("Health food"),
    "infant_formula": _("Infant formula"),
    "cosmetics": _("Cosmetics"),
    "medical_device": _("Medical device"),
    "drug": _("Drug"),
    "publication": _("Book or other publication"),
}

AGREEMENTS: dict[AgreementKind, tuple[Promise, Promise]] = {
    AgreementKind.TERMS: (_("Terms of service"), _("Between the shop and its buyers")),
    AgreementKind.PRIVACY: (_("Privacy"), _("How personal data is handled")),
    AgreementKind.PROMOTER: (_("Promoters"), _("For those who recommend your goods")),
}

HELD: dict[str, Promise] = {
    "no_licence": _("Held back: there is no valid licence"),
    "no_number": _("Held back: the registration number is missing"),
}

CHANGES: dict[str, Promise] = {
    "merchant.opened": _("Shop opened"),
    "company.changed": _("Company changed"),
    "company.confirmed": _("Company confirmed"),
    "brand.added": _("Brand added"),
    "brand.renamed": _("Brand renamed"),
    "storefront.edited": _("Shop changed"),
    "storefront_page.saved": _("Page saved"),
    "storefront_page.removed": _("Page removed"),
    "person.data_taken": _("A person took out a copy of their data"),
    "person.erased": _("A person's data was erased"),
    "staff.added": _("Staff joined"),
    "staff.removed": _("Staff left"),
    "staff.role_changed": _("Role of staff changed"),
    "staff.invited": _("Staff invited"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation.revoked": _("Invitation taken back"),
    "staff_role.created": _("Role made"),
    "staff_role.edited": _("Role changed"),
    "staff_role.archived": _("Role archived"),
    "licence.added": _("Licence entered"),
    "licence.withdrawn": _("Licence withdrawn"),
    "agreement.published": _("Agreement published"),
    "product.classified": _("Kind of goods changed"),
    "product.returns_set": _("Returns without a reason changed"),
    "sku.held": _("SKU held back"),
    "sku.resumed": _("SKU on sale again"),
    "sku.priced": _("Price changed"),
    "merchant_account.connected": _("Payment account connected"),
    "wechat_app.connected": _("WeChat app connected"),
    "payout_minimum.set": _("Payout minimum changed"),
    "merchant.suspended": _("Suspended by the platform"),
    "merchant.resumed": _("Suspension ended"),
}
"""What the page of changes shows, besides nothing else: everything there is, programs read from the feed."""

SUSPENDED: dict[str, Promise] = {
    "unlicensed": _("sells without a licence it needs"),
    "unlawful_goods": _("sells what nobody may"),
    "fraud": _("deceives buyers or makes trade up"),
    "identity": _("what it says of itself is not true"),
    "authority": _("an authority or a court ordered it"),
    "own_wish": _("it asked for it"),
}

FIELDS: dict[str, Promise] = {
    "name": pgettext_lazy("company", "Name"),
    "label": pgettext_lazy("company", "Name"),
    "legal_name": _("Company"),
    "credit_code": _("Unified social credit code"),
    "legal_address": _("Address"),
    "service_phone": _("Service phone"),
    "notice": _("Notice"),
    "accent": _("Colour"),
    "domain": _("Domain"),
    "slug": _("Path"),
    "title": _("Title"),
    "body_html": _("Text"),
    "page": _("Page"),
    "published": _("Shown"),
    "permissions": _("Permissions"),
    "role": _("Role"),
    "category": _("Kind of goods"),
    "price_fen": _("Price"),
    "least_fen": _("Payouts from"),
    "compare_at_fen": _("Crossed-out price"),
}
