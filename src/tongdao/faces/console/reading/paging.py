"""Paging by key, for what the console reads by itself."""

from tongdao.faces.lists.paging import SIZE, Place, Slice, slice_of

__all__ = ["SIZE", "Place", "Slice", "slice_of"]
