"""What the site does outside the request."""

from pydantic import BaseModel, ConfigDict

from pressroom.features.site.models import BuildState
from pressroom.kernel.jobs import JobContext, JobKind


class BuildArguments(BaseModel):
    """How much to build: what changed, or everything anew."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    everything: bool = False


class BuildResult(BaseModel):
    """How it went."""

    state: BuildState


async def _build_site(context: JobContext, arguments: BuildArguments) -> BuildResult:
    """Makes a release of what is published and takes it live. Building twice makes the same site twice."""
    from pressroom.features.site.building import Builder  # noqa: PLC0415  # the generator is heavy

    return BuildResult(state=await Builder(context).build(everything=arguments.everything))


BUILD = JobKind(name="site.build", arguments=BuildArguments, handler=_build_site, lane="site.build")
