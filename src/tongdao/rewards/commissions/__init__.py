"""The life of what was earned, read from what orders have frozen and what the ledger says. Keeps no table."""
