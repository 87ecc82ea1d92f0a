"""How a build with the site's own command fails before or after it ran. The live release stays."""

from pressroom.kernel.errors import AppError


class ToolMissing(AppError):
    """A program that the build needs is not installed where the server finds it."""

    status = 422
    code = "site.tool_missing"
    title = "A program that builds the site was not found; the live site is as it was"


class OutputIsLive(AppError):
    """The site's command writes into what readers see, or over its own sources."""

    status = 422
    code = "site.output_is_live"
    title = (
        "The site's command would write into a folder that must not be touched; nothing was run. "
        "Name another output folder, or a build command that ends with the generator's own"
    )


class OutputUnusable(AppError):
    """The output holds links that lead out of it, or is not there."""

    status = 422
    code = "site.output_unusable"
    title = "What the build left cannot be published; the live site is as it was"


class SiteShrank(AppError):
    """The new site has far fewer pages than the live one, and nobody has said that this is meant."""

    status = 409
    code = "site.shrank"
    title = "The new site has far fewer pages than the live one, so it did not go live"
