"""Publication: the read-only copy, the workbooks, the site, the gate, the manifest, release and rollback."""
