from tongdao.foundation.refusals import Refusal


class FavouritesFull(Refusal):
    """There is room for %(most)s favourites in a shop. Take one out to keep another."""
