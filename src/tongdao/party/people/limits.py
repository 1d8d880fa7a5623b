"""How often what may be tried. Our own choices; see foundation.throttling for how they are counted.

By account and by address, because either alone is not enough: many addresses guess at one account, and one
address guesses at many accounts. Addresses are shared by whole towns of phones, so theirs are wide. A try
that was right is given back.
"""

from __future__ import annotations

from datetime import timedelta

from tongdao.foundation.throttling import Limit

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

CODE_AGAIN = Limit("code_again", 1, MINUTE)
"""Codes to one number: the pause between two."""
CODE_TO_NUMBER = Limit("code_to_number", 5, 12 * MINUTE)
CODE_BY_ADDRESS = Limit("code_by_address", 40, 15 * SECOND)

GUESS_AT_NUMBER = Limit("guess_at_number", 10, 6 * MINUTE)
"""Codes typed for one number. With five tries a code: about 300 a day, of a million."""
GUESS_BY_ADDRESS = Limit("guess_by_address", 60, 10 * SECOND)

PASSWORD_OF_ACCOUNT = Limit("password_of_account", 10, 6 * MINUTE)
"""From browsers that never signed in to it."""
PASSWORD_OF_BROWSER = Limit("password_of_browser", 10, 3 * MINUTE)
"""From one browser that did: strangers who guess do not lock its owner out."""
PASSWORD_BY_ADDRESS = Limit("password_by_address", 60, 10 * SECOND)

SECOND_OF_ACCOUNT = Limit("second_of_account", 6, 5 * MINUTE)
"""Codes of the second step: who gets there knows the password."""

REGISTER_BY_ADDRESS = Limit("register_by_address", 120, 30 * SECOND)
"""Registering tells whether a name is taken."""

WECHAT_BY_ADDRESS = Limit("wechat_by_address", 60, 10 * SECOND)
"""Codes of WeChat handed in: each costs a call to it."""
