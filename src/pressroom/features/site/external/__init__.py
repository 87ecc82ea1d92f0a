"""Building a site with its own command: run beside the server, into a folder that no reader sees."""

from pressroom.features.site.external.building import BuildOptions, Outcome, SiteBuild
from pressroom.features.site.external.errors import OutputIsLive, OutputUnusable, SiteShrank, ToolMissing
from pressroom.features.site.external.failure import Failure, FieldProblem
from pressroom.features.site.external.output import Size, check_sane
from pressroom.features.site.external.process import Ending, Limits

__all__ = [
    "BuildOptions",
    "Ending",
    "Failure",
    "FieldProblem",
    "Limits",
    "Outcome",
    "OutputIsLive",
    "OutputUnusable",
    "SiteBuild",
    "SiteShrank",
    "Size",
    "ToolMissing",
    "check_sane",
]
