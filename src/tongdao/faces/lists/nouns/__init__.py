"""One list a file, as data."""
