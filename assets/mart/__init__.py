"""Mart tables made in Python: the compiled score card, tests of villages, the draw. One module per table."""
