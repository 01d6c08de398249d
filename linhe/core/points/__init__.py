"""Points (积分): an append-only double-entry ledger whose rules the database itself keeps."""
