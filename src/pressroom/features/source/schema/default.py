"""The contract of a site that says nothing itself."""

from pressroom.features.source.schema.form import Field, Form, Kind, Origin

DEFAULT_FORM = Form(
    fields=(
        Field("title", Kind.string, required=True, minimum=1),
        Field("published", Kind.date, required=True),
        Field("description", Kind.text),
        Field("tags", Kind.list, item=Field("", Kind.string)),
        Field("first_level_category", Kind.string, required=True),
        Field("second_level_category", Kind.string, required=True),
        Field("author", Kind.string),
        Field("draft", Kind.boolean),
        Field("cover", Kind.image),
        Field("sourceLink", Kind.string),
        Field("licenseName", Kind.string),
        Field("licenseUrl", Kind.string),
        Field("readingMetadata", Kind.object, fields=(Field("time", Kind.number), Field("wordCount", Kind.number))),
    ),
    origin=Origin.default,
)
