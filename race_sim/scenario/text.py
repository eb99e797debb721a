"""Values and messages as text: TOML on the way out, nearest match for what was mistyped."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SHOWN_LENGTH = 60


def toml_string(text: str) -> str:
    """The text as a TOML basic string, on one line."""
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def toml_value(value: object) -> str:
    """A parameter value as TOML; floats keep every digit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_string(value)
    return str(value)


def shown(value: object) -> str:
    """A value of any kind as a reader would have typed it, cut short if it is long."""
    try:
        text = toml_value(value)
    except ValueError:  # Python refuses to write out whole numbers of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "..."


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known word most like the given one, if any is like it; upper and lower case are the same."""
    lowered = {option.lower(): option for option in known}
    return [lowered[option] for option in get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)]


def listed(words: Sequence[str]) -> str:
    """Words, at least one, as a list in a sentence: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def did_you_mean(options: Iterable[str]) -> str:
    """A question to add to a message, or nothing if there are no options."""
    question = " or ".join(shown(option) for option in options)
    return f" Did you mean {question}?" if question else ""
