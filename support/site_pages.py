"""The pages to which an article may lead (H3): those whose name alone is their address."""

from django.urls import get_resolver


def pages_without_arguments() -> frozenset[str]:
    """Names of all addresses of the site that take nothing."""
    patterns = get_resolver().reverse_dict
    names = (name for name in patterns if isinstance(name, str))
    return frozenset(
        name for name in names if any(not taken for possible in patterns.getlist(name) for _path, taken in possible[0])
    )
