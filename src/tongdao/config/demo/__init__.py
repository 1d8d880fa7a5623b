"""The demonstration shop that `make demo` fills in."""
