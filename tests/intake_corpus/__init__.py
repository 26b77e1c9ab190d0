"""A corpus of small delivered files, each with what intake must make of it.

writers: rows to files, as different programs write them. case: what a case says. formats, refused, headers, layouts,
worksheets, containers,
columns, footers: the cases. test_corpus: runs them all. To add a case, add one `Case` to CASES of its module.
"""
