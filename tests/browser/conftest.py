"""What the journeys share."""

import os

# Playwright keeps an event loop in the tests' own thread; their queries are not asynchronous all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
