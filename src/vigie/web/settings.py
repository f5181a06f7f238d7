"""Django's settings, from ``vigie.settings``."""

from __future__ import annotations

from pathlib import Path

from vigie import settings as vigie_settings

CONFIGURED = vigie_settings.load()
HERE = Path(__file__).parent

SECRET_KEY = CONFIGURED.secret_key or "made-at-first-start"
DEBUG = CONFIGURED.debug
ALLOWED_HOSTS = [name.strip() for name in CONFIGURED.hosts.split(",") if name.strip()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "vigie.register",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": CONFIGURED.home / "vigie.sqlite3",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = CONFIGURED.language
LOCALE_PATHS = [HERE.parent / "locale"]
