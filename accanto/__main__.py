import sys

from accanto.console import main

sys.exit(main())
