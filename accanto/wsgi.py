import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accanto.settings")
application = get_wsgi_application()

from accanto.indicators.card import cards  # noqa: E402  once Django is set up
from accanto.norms.sheet_file import sheets  # noqa: E402
from accanto.web.stopwatch import measured  # noqa: E402

# read when a worker starts, not while somebody waits for the first page
sheets()
cards()
application = measured(application)
