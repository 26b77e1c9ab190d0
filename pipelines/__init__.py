"""When and with what: definitions, the loader of SQL models, the warehouse, jobs, schedules and the command line."""
