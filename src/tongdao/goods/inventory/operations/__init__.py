from tongdao.goods.inventory.operations.count import set_on_hand
from tongdao.goods.inventory.operations.promising import ask_lock_available
from tongdao.goods.inventory.operations.release import give_up_units, release_reservations

__all__ = ["ask_lock_available", "give_up_units", "release_reservations", "set_on_hand"]
