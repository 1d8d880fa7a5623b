"""Django's settings: nothing is decided here that the environment may decide (see config.env)."""

from __future__ import annotations

import base64
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from tongdao.config.env import load_env
from tongdao.foundation.clock import BEIJING

ENV = load_env()


COMMITTERS = 4  # threads of group commit: each keeps a connection of the pool for good


def _database(url: str, pool: int = 0) -> dict[str, Any]:
    """One alias. A pool needs CONN_MAX_AGE=0, or Django keeps the connection and the pool runs dry."""
    parts = conninfo_to_dict(url)
    options: dict[str, Any] = {"application_name": "tongdao"}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "tongdao"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


SECRET_KEY = ENV.secrets.django_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ["*", *ENV.allowed_hosts]  # any: the first middleware knows the shops' own names, too
BASE_URL = ENV.base_url
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
TONGDAO_SECRETS = {
    "pii_keys": {kid: base64.b64encode(key).decode() for kid, key in ENV.secrets.pii_keys.items()},
    "pii_current": ENV.secrets.pii_current,
    "blind_index_key": base64.b64encode(ENV.secrets.blind_index_key).decode(),
}
TONGDAO_DATA = ENV.data_dir

DATABASES = {
    "default": _database(ENV.databases.app, ENV.db_pool + COMMITTERS),
    "owner": _database(ENV.databases.owner),
    # A thread of the worker keeps its connection: readers, deliveries, sweeps, and one to spare.
    "platform": _database(ENV.databases.platform, 4),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "tongdao.foundation",
    "tongdao.party.people",
    "tongdao.party.merchants",
    "tongdao.party.members",
    "tongdao.party.network",
    "tongdao.goods.catalog",
    "tongdao.goods.favourites",
    "tongdao.goods.search",
    "tongdao.goods.inventory",
    "tongdao.goods.intake",
    "tongdao.goods.editing",
    "tongdao.finance.ledger",
    "tongdao.terms.agreements",
    "tongdao.terms.promotions",
    "tongdao.terms.plans",
    "tongdao.reach.traffic",
    "tongdao.trade.orders",
    "tongdao.trade.addressbook",
    "tongdao.trade.payments",
    "tongdao.trade.shipping",
    "tongdao.trade.aftersales",
    "tongdao.trade.disputes",
    "tongdao.trade.lookup",
    "tongdao.trade.reviews",
    "tongdao.trade.notes",
    "tongdao.trade.talk",
    "tongdao.rewards.commissions",
    "tongdao.rewards.planning",
    "tongdao.rewards.settlement",
    "tongdao.crm.metrics",
    "tongdao.crm.reputation",
    "tongdao.crm.insight",
    "tongdao.compliance.retention",
    "tongdao.faces.kit",
    "tongdao.faces.lists",
    "tongdao.faces.shop",
    "tongdao.faces.promoter",
    "tongdao.faces.console",
    "tongdao.faces.operator",
    "tongdao.faces.api",
    "tongdao.config",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    *ROOMS,
    # After the rooms, whose templates take the place of theirs (faces.operator).
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["tongdao.party.people.sign_in.IdentityBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/console/sign-in"

MIDDLEWARE = [
    "tongdao.faces.shop.domains.names",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongdao.config.middleware.request_identity",
    "tongdao.config.middleware.content_security_policy",
    "tongdao.config.middleware.visits",
    "tongdao.config.middleware.sent_from_page",
    "tongdao.config.middleware.shortcuts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tongdao.config.bodies.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tongdao.config.urls"
WSGI_APPLICATION = "tongdao.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = BEIJING.key

STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = ENV.data_dir / "media"
PRIVATE_ROOT = ENV.data_dir / "private"  # foundation.attachments: no address leads there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tongdao.config.static_files.StaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG

SESSION_ENGINE = "tongdao.party.people.sessions"
SESSION_COOKIE_NAME = "td_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BASE_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a request; config.bodies lists those that may bring more
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "tongdao.foundation.attachments.arriving.NamelessUploads",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000  # the grid of a product's SKUs: 500 rows with 9 cells

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {"procrastinate.blueprints": {"level": "WARNING"}},  # says one line at each command's start
}
