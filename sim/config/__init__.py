"""Configuration: what may be said, how it is read, how it is held against itself."""
