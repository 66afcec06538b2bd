"""The ground: compiled models, episodes and contacts, their codes, and the rules that every engine shares."""
