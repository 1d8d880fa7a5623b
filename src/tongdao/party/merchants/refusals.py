from tongdao.foundation.refusals import BadInput, Refusal


class SlugInvalid(BadInput):
    """The shop's path must have 3 to 40 small letters, digits or hyphens, and begin with a letter."""


class LastOwner(Refusal):
    """A merchant needs at least one owner. Make somebody else owner first."""


class AlreadyStaff(Refusal):
    """This person already works here."""


class NoPaymentAccount(Refusal):
    """This shop cannot take payments yet. The merchant has to connect a payment account."""


class PaymentKeyInvalid(BadInput):
    """One of the keys of the payment account cannot be read. Copy it whole, as the channel gave it."""


class AboveOwnRights(Refusal):
    """You cannot give or take away more than you may do yourself. Nothing was changed. Ask the owner."""

    status = 403


class RoleInvalid(BadInput):
    """A role has a name of 1 to 40 characters and at least one permission that exists. Nothing was saved."""


class RoleNameTaken(Refusal):
    """There is a role of this name already. Choose another name."""


class RoleInUse(Refusal):
    """Somebody works in this role, or is invited to. Give them another one first; nothing was changed."""


class InvitationGone(Refusal):
    """This invitation was used or taken back, or its time has passed. Ask for a new one."""

    status = 410


class CompanyInvalid(BadInput):
    """Some of what the company says of itself is missing or too long. Nothing was saved."""


class CreditCodeInvalid(BadInput):
    """This is no unified social credit code. Copy all 18 characters from the business licence."""


class BrandNameInvalid(BadInput):
    """A brand's name has 1 to 80 characters. Nothing was saved."""


class BrandNameTaken(Refusal):
    """There is a brand of this name already. Nothing was saved."""


class DomainInvalid(BadInput):
    """This is no domain name. Write it without https:// and without a path, such as shop.example.com."""


class DomainReserved(BadInput):
    """This name is the platform's own. Choose a name that belongs to you."""


class DomainNowhere(Refusal):
    """Nothing answers under this name yet. New DNS entries can take a day; then try again."""


class DomainElsewhere(Refusal):
    """Something else answers under this name. Let its DNS entry lead to this server, then try again."""


class DomainTaken(Refusal):
    """This name leads to another shop already. Nothing was changed."""


class AccentInvalid(BadInput):
    """A colour is written as # and six digits, such as #2f6f5e. Nothing was saved."""


class AccentTooPale(BadInput):
    """Text in this colour could not be read well on a light page. Choose a darker one; nothing was saved."""


class PageInvalid(BadInput):
    """A page needs a title and a path of small letters, digits and hyphens. Nothing was saved."""


class PageTooLong(BadInput):
    """This text is too long for one page. Nothing was saved; shorten it."""


class PagePathTaken(Refusal):
    """The shop has a page of this path already. Nothing was saved."""


class LicenceInvalid(BadInput):
    """A licence needs kind, number, holder and first day, and ends after it begins. Nothing was saved."""


class LicenceKnown(Refusal):
    """This licence is entered already. Nothing was saved."""


class AgreementInvalid(BadInput):
    """An agreement needs a title and a text of at most 60,000 characters. Nothing was published."""


class NoticeTooShort(BadInput):
    """A new version takes effect %(days)s days after it is published, or later. Nothing was published."""


class AgreementOutdated(Refusal):
    """A newer version of this agreement is in force. Read that one first; nothing was recorded."""


class OnlyOwner(Refusal):
    """You are the only owner of %(count)d merchants. Make somebody else owner first."""


class BothAreStaff(Refusal):
    """Both accounts work for the same shop. Leave it with one of them first; nothing was changed."""


class ShopSuspended(Refusal):
    """This shop takes no new orders at the moment. Earlier orders are shipped or paid back as usual."""


class AlreadySuspended(Refusal):
    """This merchant is suspended already. Nothing was changed."""


class JoiningClosed(Refusal):
    """New shops cannot be opened at the moment. Nothing was changed; try again another day."""

    status = 503


class PayoutMinimumInvalid(BadInput):
    """The minimum is between ¥0.10 and ¥200.00, which is what one transfer can carry. Nothing was saved."""
