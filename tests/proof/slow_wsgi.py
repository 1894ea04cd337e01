"""The portal, where a request that asks to be slow is."""

import os
import time

from portal.wsgi import application as portal


def application(environ, start_response):
    if environ["QUERY_STRING"] == "slow":
        time.sleep(float(os.environ["SLOW_SECONDS"]))
    return portal(environ, start_response)
