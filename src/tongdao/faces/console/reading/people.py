"""Names of those who did something."""

from tongdao.faces.lists.people import shown_names, sign_in_names

__all__ = ["shown_names", "sign_in_names"]
