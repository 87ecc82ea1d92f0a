"""Jobs: work outside the request. The row is the truth; everything else only carries its id."""

from pressroom.kernel.jobs.context import JobCancelled, JobContext
from pressroom.kernel.jobs.kinds import JobCatalogue, JobKind, NoArguments
from pressroom.kernel.jobs.schedule import Schedule

__all__ = ["JobCancelled", "JobCatalogue", "JobContext", "JobKind", "NoArguments", "Schedule"]
