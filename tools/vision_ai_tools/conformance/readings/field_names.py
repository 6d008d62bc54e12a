"""A1, A26: the fields of a request."""

from __future__ import annotations

from ..observations import FIELD_NAMES, FieldNames, Observations
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading


def understands_field_names(observations: Observations, names: FieldNames) -> bool | None:
    """Return whether the module understands these names; None where the observations do not show it."""
    trials = [each.understood for each in observations.field_names if each.names == names]
    if False in trials:
        return False
    return True if True in trials else None


@reading(
    "A1",
    text="Examples of requests use id and name, parameter tables item_id and item_name.",
    reading="The names are id and name. The SDK sends both by default.",
    level="act",
)
def find_field_names(observations: Observations) -> Finding:
    if not observations.field_names:
        return leave_undecided("No request with these fields was sent.")
    evidence = [each.exchange for each in observations.field_names]
    id, item_id, both = (understands_field_names(observations, names) for names in FIELD_NAMES)
    if id is None or item_id is None:
        codes = ", ".join(f"{each.names}: {each.exchange.code}" for each in observations.field_names)
        return leave_undecided(
            f"The codes do not show it ({codes}). Put a product on the pan and try again.", *evidence
        )
    if id and both is not False:
        alone = "Also accepted alone" if item_id else "Not accepted alone"
        return accept_reading(f"The module accepts id and name. {alone}: item_id and item_name.", *evidence)
    if id:
        return reject_reading("The module refuses id and item_id together.", *evidence, copes="with_profile")
    if item_id:
        copes = "by_itself" if both else "with_profile"
        return reject_reading("The module accepts only item_id and item_name.", *evidence, copes=copes)
    if both:
        return reject_reading("The module requires id and item_id together.", *evidence)
    return reject_reading("The module accepts neither pair of names.", *evidence, copes="no")


@reading(
    "A26",
    text="sid is required to register pictures and to delete them; these requests do not have it.",
    reading="They have no sid.",
    level="act",
)
def find_sid_in_registration(observations: Observations) -> Finding:
    calls = observations.get_responses("register_item", "delete_registered_image", "delete_registered_item")
    done = [each for each in calls if each.code == 0]
    if not done:
        return leave_undecided("No picture was registered or deleted.", *calls)
    return accept_reading("Pictures can be registered or deleted without a sid.", done[0])
