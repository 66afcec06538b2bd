"""One page that can be mailed."""
