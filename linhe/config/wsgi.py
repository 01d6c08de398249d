"""The WSGI application that serves pages and the API."""

import os

from django.core.wsgi import get_wsgi_application

from linhe.config.engines import load_engines

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linhe.config.settings")
application = get_wsgi_application()
load_engines()
