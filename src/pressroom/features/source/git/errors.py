"""How git says no. The files in the folder are as they were."""

from pressroom.kernel.errors import AppError


class GitMissing(AppError):
    status = 422
    code = "source.git_missing"
    title = "Git is not installed where this program finds it"


class NotInGit(AppError):
    status = 409
    code = "source.not_in_git"
    title = "The attached folder is not in a working tree of git"


class GitUntrusted(AppError):
    """The working tree belongs to another user; git runs nothing in it until it is told that this is meant."""

    status = 409
    code = "source.git_untrusted"
    title = "The working tree belongs to another user, so git leaves it alone"


class GitDetached(AppError):
    status = 409
    code = "source.git_detached"
    title = "No branch is checked out, so nothing was committed or pulled; check out a branch"


class GitUnfinished(AppError):
    status = 409
    code = "source.git_unfinished"
    title = "A merge or rebase waits to be finished in the working tree; finish or abort it, then try again"


class GitBusy(AppError):
    """Another git holds the lock of the index; it is tried again."""

    status = 503
    code = "source.git_busy"
    title = "Another git is at work in the working tree; it is tried again"


class GitDiverged(AppError):
    """Both sides have commits that the other has not. A person decides whether to merge or to rebase."""

    status = 409
    code = "source.git_diverged"
    title = "Your branch and its remote have diverged; nothing was changed"


class GitRefused(AppError):
    """git's own words are in `detail`."""

    status = 409
    code = "source.git_refused"
    title = "Git refused; nothing was changed"


class GitUnreachable(AppError):
    """The remote does not answer, or does not let us in; git's own words are in `detail`."""

    status = 502
    code = "source.git_unreachable"
    title = "Git could not speak with the remote; it is tried again"


class GitTimedOut(AppError):
    status = 504
    code = "source.git_timed_out"
    title = "Git took longer than it may and was stopped"
