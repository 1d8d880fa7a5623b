from tongdao.foundation.refusals import BadInput, Refusal


class SignInFailed(Refusal):
    """The name or the password is not right."""

    status = 401


class TokenInvalid(Refusal):
    """This access token is unknown, expired or revoked. Sign in again."""

    status = 401


class SignInNameTaken(Refusal):
    """Somebody signs in with this already."""


class SignInNameInvalid(BadInput):
    """Sign in with an e-mail address or a mainland mobile number."""


class PasswordTooWeak(BadInput):
    """The password must have at least 10 characters and not be a common one."""


class PasswordWrong(BadInput):
    """This is not your password. Nothing was changed."""


class CodeWrong(BadInput):
    """This code is not right, or it is no longer good. Look again, or ask for a new one."""


class PhoneInvalid(BadInput):
    """This is not a mainland mobile number."""


class SmsUnavailable(Refusal):
    """Codes by text message cannot be sent at the moment. Sign in with your password instead."""

    status = 503


class ProofExpired(Refusal):
    """This took too long. Nothing was changed; ask for a new code."""

    status = 401


class AccountUnsure(Refusal):
    """This number had an account before, and it is not certain that it is yours. Enter its password, or
    begin a new account with this number."""


class NumberTaken(Refusal):
    """This number belongs to another account. Nothing was changed; sign in with it instead."""


class PhoneNeedsCode(BadInput):
    """A mobile number is proven by a code first: sign in with a code, then choose a password. Or use an
    e-mail address here."""


class SecondStepNeeded(Refusal):
    """This account asks for a second step: the code of the authenticator app, or a recovery code."""

    status = 401


class SecondStepWrong(Refusal):
    """This code is not right, or it was used already. Wait for the next one."""

    status = 401


class AuthenticatorOn(Refusal):
    """An authenticator app is set up already. Remove it first."""


class SamePerson(BadInput):
    """This is the account that you are in already."""


class MergeUnproven(Refusal):
    """This took too long. Nothing was changed; show once more that the other account is yours."""

    status = 401


class MergeOutdated(Refusal):
    """These accounts are no longer as they were when this was shown. Nothing was changed."""


class MergeNeedsSecondStep(Refusal):
    """The other account asks for a second step and this one does not. Set up the authenticator app here
    first, so that nothing gets easier to break into."""


class OperatorKnown(Refusal):
    """This person runs the platform already. Nothing was changed."""


class WechatUnavailable(Refusal):
    """WeChat does not answer at the moment. Nothing was changed. Try again, or sign in another way."""

    status = 503


class WechatOff(Refusal):
    """This shop's connection to WeChat is not in order. Nothing was changed. Sign in another way, or tell the
    shop."""

    status = 503


class WechatOver(Refusal):
    """This sign-in by WeChat took too long, was used already or was not begun in this browser. Nothing was
    changed; begin again."""

    status = 401


class WechatDeclined(Refusal):
    """You did not agree in WeChat. Nothing was changed."""

    status = 401


class WechatPreview(Refusal):
    """WeChat shows only a preview of this page. Tap “use the full service” at its foot, then sign in."""

    status = 401


class WechatTaken(Refusal):
    """This WeChat account signs in to another account. Nothing was changed; sign in with it instead."""


class ConsentChanged(Refusal):
    """The text has changed since it was shown to you. Nothing was stored; please read it and decide again."""


class NoticeStands(BadInput):
    """This tells what is done with your data so that you can order at all. To end it, have your data
    erased.
    """
