"""Reference tables: divisions and policy as the month's rows, so that lineage runs from a document to a score."""
