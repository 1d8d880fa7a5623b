from tongdao.foundation.refusals import Refusal


class AddressBookFull(Refusal):
    """There is room for %(most)s addresses. Delete one to keep another."""
