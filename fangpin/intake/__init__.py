"""How a department's file becomes typed rows, each accepted or refused with reasons.

reading: bytes to blocks of text cells. spelling: names of columns. header: which rows name the columns. said_units:
in which unit. locating: which sheets, which feed. written: one written cell to one typed value. cells: a column of
them. validate: a block of rows to accepted rows, refused rows and reasons. fates: rows that are refused, or no records.
rules: every rule. free_text: numbers of persons in it, masked.
Where rows go afterwards is not known here.
"""

EDITION = 6
"""Raise it whenever the same file would be read differently than before: lake files are addressed by it."""
