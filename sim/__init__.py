"""careshift: try a care strategy on a whole region before people live with it."""
