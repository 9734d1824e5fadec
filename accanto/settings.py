"""One settings file. Everything that differs between machines comes from the environment;
an unset or wrong variable stops the program with a sentence that says how to mend it."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent
PROJECT = ROOT.parent
HOME = Path(os.environ.get("ACCANTO_HOME") or Path.cwd() / "var").resolve()
REGION_PACK = Path(os.environ.get("ACCANTO_REGION_PACK") or PROJECT / "regions" / "toscana")


def required(name: str, why: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


def database(url: str) -> dict:
    """Django's description of a postgresql:// address, socket folders and options included."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise ImproperlyConfigured(
            "ACCANTO_DATABASE_URL is not a PostgreSQL address; write it as postgresql://user:password@host:5432/name"
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts | {"options": "-c statement_timeout=10s -c idle_in_transaction_session_timeout=60s"},
    }


DATABASES = {
    "default": database(
        required(
            "ACCANTO_DATABASE_URL",
            "`accanto serve` and `make run` set it for the embedded server; see docs/how-to/deploy.md",
        )
    )
}
SECRET_KEY = required("ACCANTO_SECRET_KEY", "give a long random text, the same for every process")
ALLOWED_HOSTS = os.environ.get("ACCANTO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ACCANTO_ORIGINS", "").split(",") if origin]
DEBUG = False

# The role the door takes inside its transaction. Production signs in as that role already; the tests sign in as the
# owner to build their scene, and must still be served as the application (the owner bypasses row security).
DOOR_ROLE = os.environ.get("ACCANTO_DOOR_ROLE", "")
# Demonstration data may be served only from the embedded server; `accanto serve` sets this.
EMBEDDED = os.environ.get("ACCANTO_EMBEDDED") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "accanto.territory",
    "accanto.access",
    "accanto.documents",
    "accanto.plan",
    "accanto.people",
    "accanto.staffing",
    "accanto.cases",
    "accanto.traineeships",
    "accanto.indicators",
    "accanto.exchange",
    "accanto.web",
]
MIDDLEWARE = [
    "accanto.access.largest.LargestRequestMiddleware",  # before anything reads what was sent
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accanto.access.sign_in_first.SignInFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accanto.access.door.DoorMiddleware",  # last but one: what follows runs inside its transaction
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "accanto.urls"
WSGI_APPLICATION = "accanto.wsgi.application"
FORM_RENDERER = "accanto.web.parts.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "accanto.web.frame.frame",
            ],
            "builtins": ["accanto.web.templatetags.parts"],
        },
    }
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "public_home"
SESSION_ENGINE = "accanto.access.session"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_COOKIE_NAME = "accanto_session"
CSRF_COOKIE_NAME = "accanto_csrf"
LANGUAGE_COOKIE_NAME = "accanto_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "access/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True  # our own log keeps the sign-ins
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = None

HTTPS = os.environ.get("ACCANTO_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get("ACCANTO_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# the largest file that may come, with its form: what is sent about a person is not laid down in a temporary file
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_REQUEST = 26 * 1024 * 1024
LARGEST_ANONYMOUS_REQUEST = 64 * 1024  # a name, a password, a language
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Messages leave through the server the environment names; without one they are written on the console, and nobody gets
# them by mistake.
EMAIL_HOST = os.environ.get("ACCANTO_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("ACCANTO_EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("ACCANTO_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ACCANTO_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ACCANTO_EMAIL_TLS") == "starttls"
EMAIL_USE_SSL = os.environ.get("ACCANTO_EMAIL_TLS") == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("ACCANTO_EMAIL_FROM", "accanto@localhost")
# Messages to phones: a class with `send(number, text)` (accanto/access/sms.py). Without one no message leaves.
SMS_BACKEND = os.environ.get("ACCANTO_SMS_BACKEND", "")
SMS_FOLDER = os.environ.get("ACCANTO_SMS_FOLDER") or HOME / "sms"
# The address of the service as people write it, for the links of messages.
SITE = os.environ.get("ACCANTO_SITE", "").rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
