"""What the servers write in their log: faults of the program, and nothing of a visitor."""

# Faults of the program go to the error log. Nothing that a visitor sends is logged: no address,
# no browser, no path with its query.
QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django": {"handlers": ["errors"], "level": "ERROR", "propagate": False}},
}
