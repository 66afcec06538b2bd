"""What a configuration may say: pydantic models, units in names, one sentence a field."""
