"""The cache that all processes share. What cannot be read in it counts as not there, as after a flush.

A server that is away is another thing: who counts tries by it must not go on without (portal/operating/unavailable.py).
"""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError, ResponseError

logger = logging.getLogger(__name__)


class SharedCache(RedisCache):
    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            raise
        except Exception:
            self._drop(key, version)
            return default

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        missing = object()
        found = {key: self.get(key, missing, version) for key in keys}
        return {key: value for key, value in found.items() if value is not missing}

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except ResponseError:
            # No number: it is counted anew.
            self._drop(key, version)
            self.add(key, 0, version=version)
            return int(super().incr(key, delta, version))

    def _drop(self, key: Any, version: int | None) -> None:
        logger.warning("the cache holds something that cannot be read; it is dropped")
        self.delete(key, version)
