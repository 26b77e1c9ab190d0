"""What exists and is not plain SQL: intake, reference tables, judgements, publication."""
