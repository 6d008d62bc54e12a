"""How a response is sent: complete and at once, or as a fault demands."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from vision_ai_emulator.faults.fault import Fault
from vision_ai_emulator.faults.kinds import Ending
from vision_ai_emulator.http.response import Response

_ENDLESS_CHUNK_SIZE = 1 << 14


@frozen(kw_only=True)
class Transmission:
    """A response and how to send it. All times are real time."""

    response: Response | None
    """None: the connection ends (see `ending`) without a response."""
    delay: float = 0.0
    """Seconds before the first byte."""
    pieces: int | None = None
    """The number of pieces of the body, with `pause` seconds before each; None: no split."""
    pause: float = 0.0
    body_limit: int | None = None
    """Bytes of the body that are sent before the connection ends; None: all, and it stays open."""
    wait_before_end: float = 0.0
    """Seconds between these bytes and the end of the connection."""
    ending: Ending = "close"
    excess: bytes = b""
    """Bytes after the body that Content-Length announces."""
    endless: bool = False
    """Whether the body never ends."""
    next_request: Ending | None = None
    """What happens to the next request on the same connection; None: it is answered."""

    @property
    def is_ordinary(self) -> bool:
        """Whether there is a response that is sent completely."""
        complete = self.body_limit is None and not self.excess and not self.endless
        return self.response is not None and complete

    def iterate_body(self) -> Iterator[bytes]:
        """Iterate over the pieces of the body to send; an endless body never stops."""
        if self.response is None:
            return
        body = self.response.body if self.body_limit is None else self.response.body[: self.body_limit]
        if self.pieces is not None:
            size = max(1, -(-len(body) // self.pieces))
            yield from (body[start : start + size] for start in range(0, len(body), size))
        else:
            yield from evolve(self.response, body=body).iterate_chunks()
        if self.endless:
            chunk = (body or b" ")[-1:] * _ENDLESS_CHUNK_SIZE
            while True:
                yield chunk


def apply_content_fault(transmission: Transmission, fault: Fault) -> Transmission:
    """Return the transmission with the change that a fault of the stage "content" makes."""
    response = transmission.response
    if response is None:
        return transmission
    body = response.body
    half = len(body) // 2
    is_picture = body.startswith(b"\xff\xd8\xff")
    match fault.kind:
        case "drop_mid_answer":
            limit = half if fault.after is None else fault.after
            ending = fault.ending or "close"
            if limit >= len(body):
                # The whole body is sent, and then the connection ends.
                return evolve(transmission, next_request="at_once" if ending == "close" else ending)
            return evolve(transmission, body_limit=limit, ending=ending)
        case "truncated_json" | "truncated_picture" if is_picture == (fault.kind == "truncated_picture"):
            return evolve(transmission, response=response.with_body(body[:half]))
        case "wrong_content_type":
            return evolve(transmission, response=response.with_header("Content-Type", fault.content_type))
        case "no_content_type":
            return evolve(transmission, response=response.with_header("Content-Type", None))
        case "content_length_too_large":
            return evolve(
                transmission,
                response=response.with_header("Content-Length", str(2 * len(body) or 1)),
                body_limit=len(body),
                wait_before_end=fault.seconds or 0.0,
                ending=fault.ending or "close",
            )
        case "content_length_too_small":
            return evolve(transmission, response=response.with_body(body[:half]), excess=body[half:])
        case "endless":
            # JSON without its last two brackets does not end either.
            start = body if is_picture else body.rstrip(b"}]")
            endless = evolve(response.with_header("Content-Length", None), body=start)
            return evolve(transmission, response=endless, endless=True)
        case _:
            return transmission
