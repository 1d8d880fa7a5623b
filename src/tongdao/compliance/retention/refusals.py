from tongdao.foundation.refusals import Refusal


class ErasureBlocked(Refusal):
    """Something has to be finished before your account can be erased. Nothing was changed."""


class ErasureAskedAlready(Refusal):
    """You have asked for this already. Nothing more is needed."""


class NothingToWithdraw(Refusal):
    """There is no request to take back: it was taken back already, or it is done."""


class TakeOutUnderWay(Refusal):
    """A copy of your data is being made already. It will be here in a moment."""


class TakeOutGone(Refusal):
    """This copy is no longer kept. Ask for a new one."""

    status = 410


class SignInAgain(Refusal):
    """Your sign-in is too long ago for this. Sign in again, then repeat it."""

    status = 401
