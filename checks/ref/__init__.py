"""Contracts of the ref tables; one module per table, named like it."""
