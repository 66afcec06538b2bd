"""The engines: both turn a model and its episodes into the same contacts."""
