from tongdao.foundation.refusals import BadInput, Refusal


class PasskeyRefused(Refusal):
    """This passkey did not let you in. Nothing was changed. Try again, or sign in another way."""

    status = 401


class PasskeyCopied(Refusal):
    """This passkey seems to have been copied, so it is no longer good. Sign in another way, remove it and
    make a new one."""

    status = 401


class PasskeyKnown(Refusal):
    """This device has a passkey for an account already. Nothing was changed."""


class TooManyPasskeys(Refusal):
    """You have %(most)d passkeys. Remove one that you no longer use first."""


class PasskeyNameInvalid(BadInput):
    """A passkey's name has 1 to 40 characters. Nothing was changed."""
