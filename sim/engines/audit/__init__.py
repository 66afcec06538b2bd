"""Every run held against identities, from outside the engine."""
