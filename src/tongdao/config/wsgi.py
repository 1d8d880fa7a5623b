import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdao.config.settings")
# Most threads wait for a committer, which goes back and forth to the database: with the usual 5 ms it would
# wait so long for its turn after each statement.
sys.setswitchinterval(0.0002)

whole = get_wsgi_application()

from tongdao.config.env import load_env  # noqa: E402 Django is set up first
from tongdao.faces.api.lane import FastLane  # noqa: E402

application = FastLane(whole, load_env().base_url)
# What is there now stays: collecting it again and again took a tenth of the time. An order makes some
# thousand objects, nearly all of which go by their counts.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
