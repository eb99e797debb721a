"""The law of the race: small compiled functions on records, columns and scalars."""
