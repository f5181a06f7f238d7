"""Django's settings, from ``vigie.settings``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils.functional import SimpleLazyObject

from vigie import settings as vigie_settings
from vigie.secret import kept_secret
from vigie.web.database import database
from vigie.web.mailing import mail_server

CONFIGURED = vigie_settings.load()
HERE = Path(__file__).parent

# Asked for when something is signed, so that reading the settings writes nothing.
SECRET_KEY = CONFIGURED.secret_key or SimpleLazyObject(
    lambda: kept_secret(CONFIGURED.home, "secret-key")
)
DEBUG = CONFIGURED.debug
ALLOWED_HOSTS = [name.strip() for name in CONFIGURED.hosts.split(",") if name.strip()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "vigie.register",
    "vigie.sources",
    "vigie.listening",
    "vigie.culture",
    "vigie.inbox",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vigie.web.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vigie.web.language.reader_language",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vigie.web.mistakes.MistakeMiddleware",
    # Before the check of the form's token, which would read a stranger's whole upload.
    "vigie.web.door.DoorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "vigie.web.urls"
WSGI_APPLICATION = "vigie.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "autoescape": True,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vigie.web.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "vigie.web.sentences",
                "vigie.web.source_words",
                "vigie.web.how_sure",
                "vigie.web.listening_words",
                "vigie.web.inbox_words",
                "vigie.web.settings_words",
                "vigie.web.inbox_services",
                "vigie.web.inbox_boxes",
                "vigie.web.inbox_windows",
            ],
        },
    }
]

DATABASES = {"default": database(CONFIGURED.database_url, CONFIGURED.home)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MAIL = mail_server(CONFIGURED.mail_url)
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.name, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = (
    CONFIGURED.mail_from or CONFIGURED.notify_mail.split(",")[0] or "vigie@localhost"
)

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = CONFIGURED.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [HERE.parent / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
# Served from the package itself: nothing to collect. The address carries a digest, so a
# browser may keep what it has for a year.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 365 * 24 * 3600

LOGIN_URL = "register.sign_in"
LOGIN_REDIRECT_URL = "index.home"
# Rights come from the roles of the register.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "vigie.register.people.RoleBackend",
]
# Wrong passwords: see vigie.register.patience.
AXES_HANDLER = "vigie.register.patience.Patience"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_USERNAME_CALLABLE = "vigie.web.patience.tried_name"
AXES_CLIENT_IP_CALLABLE = "vigie.web.patience.tried_from"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]  # Django takes a mapping here

# A page that takes files says so and gets its own handler: elsewhere a form is small.
FILE_UPLOAD_HANDLERS = ["vigie.web.uploads.NoFileHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "vigie.web.mistakes.stale_form"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
if CONFIGURED.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # The browser itself refuses such a name from another host, without https, or for a part.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS]
# Whether to send readers from http to https is for the server in front, which knows both.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
# The page where one signs in says by itself that it waits.
SILENCED_SYSTEM_CHECKS += ["axes.W002"]

# No request body, no settings and no local variables reach the log: only what happened, where.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # An address that leads nowhere is the reader's matter, not the site's.
        "django.request": {"level": "ERROR"},
        "vigie": {"level": "INFO"},
        # Each wrong password would be a line, without a name or an address.
        "axes": {"level": "ERROR"},
    },
}
