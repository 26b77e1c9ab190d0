"""Contracts of the core tables; one module per table, named like it."""
