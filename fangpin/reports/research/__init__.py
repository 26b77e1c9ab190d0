"""Documents, workbooks and forms of a research trip: what the teams take along."""
