from tests.interleaving.conftest import observer

__all__ = ["observer"]
