"""The form of an attached site: from its schema, from its posts, or the default one."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pressroom.features.source.recognise import Generator, SourceSite
from pressroom.features.source.schema.default import DEFAULT_FORM
from pressroom.features.source.schema.form import Form
from pressroom.features.source.schema.inferring import infer_form
from pressroom.features.source.schema.json_schema import UnreadableSchema, form_from_json_schema

MAX_BYTES = 2_000_000


def schemas_folder(root: Path) -> Path:
    """Where Astro keeps the schemas of a project's collections."""
    return root / ".astro" / "collections"


def read_form(site: SourceSite, fronts: Iterable[Mapping[str, object]]) -> tuple[Form, str | None]:
    """The form of this site's posts, and a sentence for its owner when its schema could not be read.

    `fronts` are the front matters of its posts; they are asked for only when there is no schema.
    """
    form, note = read_schema(site)
    return form or form_of_posts(site.generator, fronts), note


def read_schema(site: SourceSite) -> tuple[Form | None, str | None]:
    """The form that the site's own schema is, or why there is none; neither where sites have no schemas."""
    if site.collection is None:
        return None, None
    path = schemas_folder(site.root) / f"{site.collection}.schema.json"
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode(errors="replace")
        return form_from_json_schema(text, text_dates=site.text_dates, images=site.images), None
    except FileNotFoundError:
        why = "is not there yet (the site's next build writes it, or `astro sync`)"
    except OSError as error:
        why = f"cannot be read ({error.strerror})"
    except UnreadableSchema as error:
        why = f"cannot be read ({str(error).rstrip('.')})"
    return None, f"{path.name} {why}, so the form is made from the posts."


def form_of_posts(generator: Generator, fronts: Iterable[Mapping[str, object]]) -> Form:
    """The form of these front matters; without any, the default one."""
    return infer_form(fronts, strict=generator is Generator.astro) or DEFAULT_FORM
