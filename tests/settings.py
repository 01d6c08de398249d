"""Settings of the tests: the project's own, with a data folder and a database of their own."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
os.environ["LINHE_DATA_FOLDER"] = os.environ.get("LINHE_TEST_FOLDER", str(_ROOT / "var" / "test"))
os.environ["LINHE_PUBLIC_URL"] = "http://127.0.0.1:8000"
os.environ["LINHE_LOG_LEVEL"] = "WARNING"

from linhe.config.settings import *  # noqa: E402, F403 - on top of the settings, after the environment
from linhe.config.settings import DATA_FOLDER, DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402 - likewise

# The name holds the process, so that several test runs can share one server.
DATABASES["default"]["TEST"]["NAME"] = f"test_linhe_{os.getpid()}"
DATABASES["default"]["OPTIONS"]["pool"] = False  # threads of the tests open and close their own connections
MEDIA_ROOT = DATA_FOLDER / "media"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.desks.toy"]
