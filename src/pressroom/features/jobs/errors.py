"""What can go wrong with a job that somebody looks after."""

from pressroom.kernel.errors import AppError


class JobNotFound(AppError):
    status = 404
    code = "jobs.not_found"
    title = "There is no such job, or it is not yours"


class JobAlreadyFinished(AppError):
    status = 409
    code = "jobs.already_finished"
    title = "This job has ended; there is nothing to cancel"


class JobNotRetryable(AppError):
    status = 409
    code = "jobs.not_retryable"
    title = "Only a job that failed or was cancelled can be tried again"
