"""The ensemble driver: the weekly schedule compiled, many runs at once in threads."""
