"""All settings. What differs between machines comes from the environment (see ``.env.example``)."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from linhe.config import environment
from linhe.config.postgres import Embedded

ROOT = Path(__file__).resolve().parents[2]
environment.load_file(ROOT / ".env")

# ---- what the environment says; a wrong value stops the start here
DEBUG = environment.flag("LINHE_DEBUG", default=False)
PUBLIC_URL = environment.web_address("LINHE_PUBLIC_URL", "http://127.0.0.1:8000")
DATA_FOLDER = environment.folder("LINHE_DATA_FOLDER", ROOT / "var")
HOSTS = environment.names("LINHE_HOSTS")
BEHIND_PROXY = environment.flag("LINHE_BEHIND_PROXY", default=PUBLIC_URL.startswith("https://"))
LIVE_URL = environment.text("LINHE_LIVE_URL", "")
BIND = environment.text("LINHE_BIND", "127.0.0.1")
WEB_PORT = environment.number("LINHE_WEB_PORT", urlsplit(PUBLIC_URL).port or 8000, least=1, most=65535)
LIVE_PORT = environment.number("LINHE_LIVE_PORT", min(WEB_PORT + 1, 65535), least=1, most=65535)
WEB_WORKERS = environment.number("LINHE_WEB_WORKERS", 1, least=1, most=64)
WEB_THREADS = environment.number("LINHE_WEB_THREADS", 8, least=1, most=256)
JOBS_AT_ONCE = environment.number("LINHE_JOBS_AT_ONCE", 4, least=1, most=64)
DATABASE_POOL = environment.number("LINHE_DATABASE_POOL", WEB_THREADS + 4, least=2, most=500)
TILES_URL = environment.text("LINHE_TILES_URL", "")
ROADS = environment.text("LINHE_ROADS", "")  # a road network, or a server of routes, that dispatch measures by
BASEMAP = environment.text("LINHE_BASEMAP", "")  # a GeoJSON file of streets, water and parks to draw below the places
PDF_FONT = environment.text("LINHE_PDF_FONT", "")  # a font with Chinese; empty: one that the system has
DEMO = environment.flag("LINHE_DEMO", default=False)  # set by `linhe demo` alone: its people are entered by a button
SMS_ADAPTER = environment.text("LINHE_SMS_ADAPTER", "console")  # console, file, or the dotted path of a class
NOTICE_CHANNELS = environment.names("LINHE_NOTICE_CHANNELS")
WECHAT_APP_ID = environment.text("LINHE_WECHAT_APP_ID", "")
WECHAT_APP_SECRET = environment.text("LINHE_WECHAT_APP_SECRET", "")
WECHAT_TEMPLATE = environment.text("LINHE_WECHAT_TEMPLATE", "")
WECHAT_URL = environment.web_address("LINHE_WECHAT_URL", "https://api.weixin.qq.com")
EMAIL_HOST = environment.text("LINHE_MAIL_HOST", "localhost")
EMAIL_PORT = environment.number("LINHE_MAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = environment.text("LINHE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("LINHE_MAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("LINHE_MAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("LINHE_MAIL_FROM", "linhe@localhost")
LOG_LEVEL = environment.choice("LINHE_LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"))
SECRET_KEY = environment.secret("LINHE_SECRET_KEY", kept_in=DATA_FOLDER / "secrets")
FIELD_KEY = environment.secret("LINHE_FIELD_KEY", kept_in=DATA_FOLDER / "secrets")
_database = environment.database("DATABASE_URL")

# ---- the house
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "ninja",  # so that the pages of /api/docs come from our own static files
    "pgtrigger",
    "procrastinate.contrib.django",
    "linhe.core.dated",
    "linhe.core.places",
    "linhe.core.people",
    "linhe.core.loop",
    "linhe.core.runsheets",
    "linhe.core.points",
    "linhe.core.notices",
    "linhe.core.indicators",
    "linhe.web",
    "linhe.desks.errands",
    "linhe.desks.reports",
    "linhe.desks.care",
    "linhe.desks.councils",
    "linhe.desks.volunteering",
    "linhe.desks.property",
    "linhe.desks.exchange",
    "linhe.desks.power",
    "linhe.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "linhe.config.middleware.LiveMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "linhe.web.accounts.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linhe.config.urls"
WSGI_APPLICATION = "linhe.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linhe.web.context.shell",
            ],
        },
    }
]

# ---- the database: DATABASE_URL, or the embedded one of the data folder
EMBEDDED = None if _database else Embedded(DATA_FOLDER / "postgres")
EMBEDDED_DATABASE = "linhe"
if EMBEDDED is not None:
    # nothing stands between us and this server, so what is asked for the sixth time may be prepared (not by the ORM)
    options = {"prepare_threshold": 5}
    _database = {"NAME": EMBEDDED_DATABASE, "USER": "postgres", "HOST": str(EMBEDDED.socket_folder), "OPTIONS": options}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,  # the pool keeps connections; also right behind PgBouncer
        "CONN_HEALTH_CHECKS": True,  # a connection that died with a restarted database is replaced, not handed out
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"TEMPLATE": "template0"},
        **(_database or {}),
    }
}
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": 5,
    "pool": {"min_size": 2, "max_size": DATABASE_POOL, "timeout": 10},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "linhe_cache"}}

# ---- jobs: procrastinate tasks of the apps' jobs.py
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# ---- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ---- accounts
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# allauth keeps and checks the second factor; its sign-in pages are not used
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}  # by account, so that a shared network address locks nobody out
MFA_ADAPTER = "linhe.web.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "linhe"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "linhe.web.accounts.entering.client_address"
AXES_LOCKOUT_CALLABLE = "linhe.web.views.errors.too_many"
AXES_SENSITIVE_PARAMETERS = ["password", "username", "phone", "login", "code"]
AXES_VERBOSE = False

# ---- safety on the wire
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [
    *dict.fromkeys(
        [urlsplit(PUBLIC_URL).hostname or "", *HOSTS, "127.0.0.1", "localhost", "[::1]", socket.gethostname()]
    )
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "linhe.web.views.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "linhe.lib.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
if TILES_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        f"{urlsplit(TILES_URL).scheme}://{urlsplit(TILES_URL).netloc}"
    )

# ---- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
ERASURES_LOG = DATA_FOLDER / "erasures.log"  # who was erased and when, for backups that are restored later
MEDIA_ROOT = DATA_FOLDER / "media"  # served by views that check access, never as plain files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- logging: to stderr, without personal data (request bodies and SQL values are never logged)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.db.backends": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}
