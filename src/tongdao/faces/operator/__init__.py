"""The platform's own desk: who runs it sees all merchants, writes nothing, and acts through operations."""
