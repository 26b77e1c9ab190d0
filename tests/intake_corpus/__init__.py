"""A corpus of small delivered files, each with what intake must make of it.

writers: rows to files, as different programs write them. layouts, formats, ...: the cases. test_corpus: runs them all.
To add a case, add one `Case` to the list of the module it belongs to.
"""
