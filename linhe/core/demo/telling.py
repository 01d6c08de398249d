"""Telling much of the past at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def told_fast() -> Iterator[None]:
    """Every ``act()`` inside is still a step of its own that may be refused; the disk is waited for once, at the end.

    A story that breaks off leaves nothing behind and can be told anew. PostgreSQL knows nothing of rows that are not
    committed and would read whole tables, the longer the story the slower: it is told to use its indexes.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield
