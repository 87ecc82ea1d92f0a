"""The built-in generator: published posts in, the files of a static site out.

    press = Press(site)                             # theme and words, read once
    edition = press.edition(cards)                  # an index, no rendering
    press.build(edition, load_bodies)               # every file, one at a time
    step = press.apply(edition, changes, load_bodies)   # step.edition, step.output.files, step.output.deleted
    press.preview(card, body)                       # a draft's page

It loads Jinja2, so import it where a build or a preview begins, not when the program starts.
"""

from pressroom.features.site.generator.edition import Edition
from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.model import (
    Author,
    Changes,
    Cover,
    File,
    Heading,
    LoadBodies,
    Output,
    PostBody,
    PostCard,
    SiteInfo,
    Term,
)
from pressroom.features.site.generator.press import Press, Step

__all__ = [
    "Author",
    "BuildFailed",
    "Changes",
    "Cover",
    "Edition",
    "File",
    "Heading",
    "LoadBodies",
    "Output",
    "PostBody",
    "PostCard",
    "Press",
    "SiteInfo",
    "Step",
    "Term",
]
