"""What to do when a folder cannot be watched. Pure."""

_LIMIT = "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024"


def advice_for(error: Exception) -> str:
    """One sentence that says what happens meanwhile and what ends it."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "The folder is not there; its changes come in when it is back. Or let go of it: pressroom site detach"
    if is_limit(error):
        return f"Changes come in each minute. Raise the system's limit ({_LIMIT}), or set source.watch=poll"
    return "Changes come in each minute. Set source.watch=poll if this stays"


def is_limit(error: Exception) -> bool:
    """Whether the system has no watch left."""
    return any(words in str(error) for words in ("limit reached", "Too many open files", "os error 24", "os error 28"))
