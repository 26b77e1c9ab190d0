"""What officials read: workbooks and the static site, rendered from frames. No DuckDB, no clock."""
