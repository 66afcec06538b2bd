"""What no single model can know: names across files, sums, circles, levers against the world."""
