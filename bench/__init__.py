"""Benchmarks of the product against hand-written references, each pair measured in one run (README.md)."""
