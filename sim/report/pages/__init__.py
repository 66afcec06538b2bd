"""Pages of the documentation that the program writes, and the same in a terminal."""
