"""`python -m tongdao` is the same as the command `tongdao`."""

import sys

from tongdao.config.cli import main

sys.exit(main())
