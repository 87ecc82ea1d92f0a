"""The form of an attached site: from its schema, from its posts, or the default one."""

from collections.abc import Iterable, Mapping

from pressroom.features.source.recognise import Generator, SourceSite
from pressroom.features.source.schema.default import DEFAULT_FORM
from pressroom.features.source.schema.form import Form
from pressroom.features.source.schema.inferring import infer_form
from pressroom.features.source.schema.json_schema import UnreadableSchema, form_from_json_schema

MAX_BYTES = 2_000_000


def read_form(site: SourceSite, fronts: Iterable[Mapping[str, object]]) -> tuple[Form, str | None]:
    """The form of this site's posts, and a sentence for its owner when its schema could not be read.

    `fronts` are the front matters of its posts; they are asked for only when there is no schema.
    """
    note = None
    path = site.root / ".astro" / "collections" / f"{site.collection}.schema.json"
    if site.collection and path.is_file():
        try:
            with path.open("rb") as file:
                text = file.read(MAX_BYTES).decode(errors="replace")
            return form_from_json_schema(text, text_dates=site.text_dates, images=site.images), None
        except UnreadableSchema as error:
            note = f"{path.name} cannot be read, so the form is made from the posts. {error}"
    return infer_form(fronts, strict=site.generator is Generator.astro) or DEFAULT_FORM, note
