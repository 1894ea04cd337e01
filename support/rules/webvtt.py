"""Captions and chapters of a recording as WebVTT: strictly what our player and our transcript need (H1)."""

import re
from dataclasses import dataclass

_TIMES = re.compile(r"((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}) --> ((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(?: .*)?")
_TAG = re.compile(r"</?[^>]*>")
# A comment or a style is for a player, and no cue.
_NO_CUE = ("NOTE", "STYLE", "REGION")


class NotWebVTT(ValueError):
    """Says what is wrong, with the line."""


@dataclass(frozen=True)
class Cue:
    # Seconds.
    start: float
    end: float
    # Without tags.
    text: str

    @property
    def clock(self) -> str:
        minutes, seconds = divmod(int(self.start), 60)
        return f"{minutes}:{seconds:02}"

    @property
    def second(self) -> int:
        return int(self.start)


def cues(text: str) -> list[Cue]:
    """In their order; raises NotWebVTT."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise NotWebVTT("line 1: it must begin with WEBVTT.")
    found: list[Cue] = []
    for first, block in _blocks(lines[1:]):
        cue = None if block[0].startswith(_NO_CUE) else _cue(first, block)
        if cue and found and cue.start < found[-1].start:
            raise NotWebVTT(f"line {first}: it begins before the one above.")
        found += [cue] if cue else []
    if not found:
        raise NotWebVTT("line 1: it has nothing to show.")
    return found


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Lines between empty ones, with the line of the file on which each begins."""
    found: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(lines, start=2):
        if line.strip() and is_open:
            found[-1][1].append(line.strip())
        elif line.strip():
            found.append((number, [line.strip()]))
        is_open = bool(line.strip())
    return found


def _cue(first: int, block: list[str]) -> Cue:
    """A name may stand above the times."""
    place = next((index for index, line in enumerate(block[:2]) if "-->" in line), None)
    times = _TIMES.fullmatch(block[place]) if place is not None else None
    if place is None or times is None:
        raise NotWebVTT(f"line {first}: there are no times such as 00:01.000 --> 00:04.000.")
    start, end = _seconds(times[1]), _seconds(times[2])
    words = _TAG.sub("", " ".join(block[place + 1 :])).strip()
    if end <= start:
        raise NotWebVTT(f"line {first + place}: it ends before it begins.")
    if not words:
        raise NotWebVTT(f"line {first + place}: it has no words.")
    return Cue(start=start, end=end, text=words)


def _seconds(written: str) -> float:
    seconds = 0.0
    for part in written.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
