"""Contracts of the mart tables; one module per table, named like it."""
