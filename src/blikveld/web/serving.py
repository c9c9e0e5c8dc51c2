"""Gunicorn's settings: `python -m gunicorn --config python:blikveld.web.serving blikveld.web.wsgi`.

Several processes with a few threads each, the study read once before they part. No access log,
and only errors in the other one: neither holds anything of a visitor.
"""

worker_class = "gthread"
workers = 2
threads = 4
keepalive = 5
preload_app = True
accesslog = None
loglevel = "error"
umask = 0o077
# Nobody steers the server from outside; stopping and starting is enough.
control_socket_disable = True
