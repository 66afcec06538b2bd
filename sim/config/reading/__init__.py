"""Files to text to checked models: nothing in a file can run, and every mistake is named."""
