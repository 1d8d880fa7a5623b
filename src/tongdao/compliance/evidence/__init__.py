"""A case as a bundle that stands by itself: a paper to read, files, their hashes, the books' sealed days."""
