"""How an answer leaves the device: whole and at once, or as a fault has it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, field, frozen

from vision_ai_emulator.faults.faults import Ending, Fault
from vision_ai_emulator.http.response import Answer

_ENDLESS_PIECE = 1 << 14


@frozen(kw_only=True)
class Delivery:
    """An answer and the way it takes. Whoever carries it out waits in real time."""

    answer: Answer | None
    """None: the connection ends (see `ending`) without one."""
    delay: float = 0.0
    """Seconds before the first byte."""
    pieces: int | None = None
    """In how many pieces the body goes out, `pause` seconds before each; None: as is best."""
    pause: float = 0.0
    sent: int | None = None
    """How many bytes of the body are sent before the connection ends; None: all, and it does not end."""
    wait_to_end: float = 0.0
    """Seconds that the connection stays open then."""
    ending: Ending = "close"
    excess: bytes = b""
    """What comes after the body that Content-Length announces."""
    endless: bool = False
    """Whether the body goes on for ever."""
    stale: Ending | None = None
    """What becomes of the next request on the same connection."""
    faults: tuple[str, ...] = field(default=())

    @property
    def whole(self) -> bool:
        """Whether nothing is the matter with answer and connection."""
        return self.answer is not None and self.sent is None and not self.excess and not self.endless

    def body(self) -> Iterator[bytes]:
        """The pieces that are to be sent; for an endless body there is no end to them."""
        if self.answer is None:
            return
        body = self.answer.body if self.sent is None else self.answer.body[: self.sent]
        if self.pieces is not None:
            size = max(1, -(-len(body) // self.pieces))
            yield from (body[start : start + size] for start in range(0, len(body), size))
        else:
            yield from evolve(self.answer, body=body).pieces()
        if self.endless:
            piece = (body or b" ")[-1:] * _ENDLESS_PIECE
            while True:
                yield piece


def nothing(ending: Ending | None) -> Delivery:
    """No answer."""
    return Delivery(answer=None, ending=ending or "close")


def changed(delivery: Delivery, fault: Fault) -> Delivery:
    """The delivery of an answer after a fault of its content has been at it."""
    answer = delivery.answer
    if answer is None:
        return delivery
    half = len(answer.body) // 2
    is_picture = answer.body.startswith(b"\xff\xd8\xff")
    match fault.kind:
        case "drop_mid_answer":
            sent = half if fault.after is None else fault.after
            ending = fault.ending or "close"
            if sent >= len(answer.body):
                # All of it comes, and the connection ends then.
                return evolve(delivery, stale="at_once" if ending == "close" else ending)
            return evolve(delivery, sent=sent, ending=ending)
        case "truncated_json" | "truncated_picture" if is_picture == (fault.kind == "truncated_picture"):
            return evolve(delivery, answer=answer.with_body(answer.body[:half]))
        case "wrong_content_type":
            return evolve(delivery, answer=answer.with_header("Content-Type", fault.content_type))
        case "no_content_type":
            return evolve(delivery, answer=answer.with_header("Content-Type", None))
        case "content_length_too_large":
            announced = answer.with_header("Content-Length", str(2 * len(answer.body) or 1))
            return evolve(
                delivery,
                answer=announced,
                sent=len(answer.body),
                wait_to_end=fault.seconds or 0.0,
                ending=fault.ending or "close",
            )
        case "content_length_too_small":
            return evolve(delivery, answer=answer.with_body(answer.body[:half]), excess=answer.body[half:])
        case "endless":
            # Without its last two brackets JSON has no end either.
            body = answer.body if is_picture else answer.body.rstrip(b"}]")
            endless = evolve(answer.with_header("Content-Length", None), body=body)
            return evolve(delivery, answer=endless, endless=True)
        case _:
            return delivery
