import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdao.config.settings")
# Most threads wait for a committer, which goes back and forth to the database: with the usual 5 ms it would
# wait so long for its turn after each statement.
sys.setswitchinterval(0.0002)

application = get_wsgi_application()
