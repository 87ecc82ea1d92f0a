"""The parent of the classes that say what a request, an answer or a job's arguments hold."""

import warnings

from pydantic import BaseModel, ConfigDict
from pydantic.warnings import UnsupportedFieldAttributeWarning

# FastAPI gives the field of a body an alias, and ignores this while it makes validators; ours are made later.
warnings.filterwarnings("ignore", "The 'alias' attribute", UnsupportedFieldAttributeWarning)


class Schema(BaseModel):
    """Checked data from outside, or for outside.

    Its validator is made when it is first used: many schemas only ever stand inside others, and to make them all at
    once was a tenth of the server's start.
    """

    model_config = ConfigDict(defer_build=True)
