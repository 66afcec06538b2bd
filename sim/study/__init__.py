"""Runs repeated: every scenario and replication computed once, whatever is interrupted, then compared."""
