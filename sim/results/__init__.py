"""What a study left: read, compared, judged. Nothing here computes a run."""
