"""How a department's file becomes typed rows, each accepted or refused with reasons.

reading: bytes to blocks of text cells. header: which rows name the columns. locating: which sheets, which feed.
written: one written cell to one typed value. cells: a column of them.
validate: a block of rows to accepted rows, refused rows and reasons. free_text: numbers of persons in it, masked.
Where rows go afterwards is not known here.
"""

EDITION = 5
"""Raise it whenever the same file would be read differently than before: lake files are addressed by it."""
