"""Finding people by name: in Greek or Latin letters, with one typing error a word, and by how a name begins (K2)."""

from portal.folding import near_of, sound_of, words_of

# A shorter beginning has too many people.
SHORTEST_BEGUN, LONGEST_BEGUN = 3, 6
LONGEST_KEY = 90
MOST_WORDS = 6


def keys_of(name: str) -> list[str]:
    """What a name is found by: each of its words as it sounds, it without one of its letters, and its beginnings."""
    sounds = [sound_of(word)[:LONGEST_KEY] for word in words_of(name)[:MOST_WORDS]]
    begun = {f"^{sound[:length]}" for sound in sounds for length in range(SHORTEST_BEGUN, LONGEST_BEGUN + 1)}
    return sorted({key for sound in sounds for key in (sound, *near_of(sound))} | begun)


def asked_for(typed: str) -> list[list[str]]:
    """For each word that was typed the keys by which it is found; a person has to have one of each list."""
    sounds = [sound_of(word)[:LONGEST_KEY] for word in words_of(typed)[:MOST_WORDS]]
    return [sorted({sound, *near_of(sound), *_begun(sound)}) for sound in sounds]


def _begun(sound: str) -> list[str]:
    return [f"^{sound}"] if SHORTEST_BEGUN <= len(sound) <= LONGEST_BEGUN else []
