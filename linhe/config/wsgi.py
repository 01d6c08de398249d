"""The WSGI application that serves pages and the API."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from linhe.config.engines import load_engines

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linhe.config.settings")
application = get_wsgi_application()
get_resolver().check()  # loads every page's code now, so that no visitor waits for it
load_engines()
# What is loaded by now stays loaded. The collector need not look at it again: every time that is a fifth of a second in
# which a page waits.
gc.collect()
gc.freeze()
