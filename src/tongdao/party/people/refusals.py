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
