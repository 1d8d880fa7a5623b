"""What people and programs see; no rules live here."""
