"""When and with what: definitions, the loader of SQL models, the warehouse, jobs, schedules and the command line."""

import atexit
import gc

gc.set_threshold(50_000, 20, 100)  # left to itself it looks through all that was imported again and again
atexit.register(gc.freeze)  # and once more when the process ends
