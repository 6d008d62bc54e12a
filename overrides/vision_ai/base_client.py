"""What both clients share: their options, and the connection that these lead to."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from vision_ai_generated.operation import Version
from vision_ai_generated.types import UNSET, Unset

from ._lazy_module import LazyModule
from ._pipeline.hooks import OnCall, check_on_call
from ._pipeline.pipeline import Pipeline
from ._runtime.runtime import Runtime
from ._transports.base import Transport
from ._transports.selection import ConnectionOptions, resolve_url, select_route
from ._validation import check_count, check_flag, check_seconds
from .errors import InvalidInputError
from .options import Api, Expectations, FieldNames, Options, Retries, check_api, to_retries

if TYPE_CHECKING:
    from . import _httpx as httpx
    from . import catalog as _catalog
    from . import profile as _profile
    from ._journal import settings as _journal
else:
    httpx = LazyModule("vision_ai._httpx")
    _catalog = LazyModule("vision_ai.catalog")
    _profile = LazyModule("vision_ai.profile")
    _journal = LazyModule("vision_ai._journal.settings")

AnyClient = TypeVar("AnyClient", bound="BaseClient")

TIMEOUT = 15.0
"""Seconds for one call."""
READY_TIMEOUT = 90.0
"""Seconds that a module gets to become ready."""


class BaseClient(ABC):
    """A client without its methods."""

    _asynchronous: ClassVar[bool]

    def __init__(
        self,
        url: str | None = None,
        *,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | Transport | None = None,
        http_client: httpx.Client | httpx.AsyncClient | None = None,
        timeout: float = TIMEOUT,
        retries: int | Retries = 2,
        concurrency: int = 1,
        keep_alive: bool = True,
        profile: str | PathLike[str] | Mapping[str, Any] | _profile.Profile | None = None,
        field_names: FieldNames | None = None,
        part_name: str | Unset | None = UNSET,
        proxy: str | None = None,
        local_address: str | None = None,
        interface: str | None = None,
        record: str | PathLike[str] | None = None,
        record_secrets: bool = False,
        on_call: OnCall | None = None,
        strict: bool = False,
        api: Api = "auto",
        set_clock: bool = True,
        catalog: _catalog.Catalog
        | Mapping[str, str | _catalog.Product]
        | str
        | PathLike[str]
        | Callable[[str], str | _catalog.Product | None]
        | None = None,
        only_catalog: bool = False,
        journal: str | PathLike[str] | _journal.Journal | None = None,
        journal_pictures: str | PathLike[str] | _journal.JournalPictures | None = None,
    ) -> None:
        """
        Args:
            url: Where the module is: `http://host[:port]`, `https://…`, `unix:/path`, `emulator:`,
                `replay:file.har` or any scheme of the entry-point group `vision_ai.transports`. Default: the
                environment's `VISION_AI_URL`, then `http://172.22.0.6`.
            transport: An httpx transport, or a `vision_ai.transports.Transport`, that carries the requests instead
                of the URL's own; it is closed with the client. The URL is then an http one.
            http_client: An `httpx.Client` (`httpx.AsyncClient`) that carries the requests, with its own headers,
                hooks, authentication and certificates; its `base_url` is the default for `url`. It stays open when
                this client is closed.
            timeout: Seconds for one call as a whole, its retries and pauses included, above 0. In transfers of
                files, the longest time without progress.
            retries: How often a lost call is repeated, or `Retries` for the pauses too. Only where that is safe:
                see `Retries`.
            concurrency: How many calls may be under way at once, 1 or more. The vendor documents no more than one:
                allow it only for a module that is known to accept it.
            keep_alive: Whether a connection stays open for the next request, for at most five seconds. False opens
                one for each request and sends `Connection: close`: for a module that loses requests on a connection
                that it kept.
            profile: What this module's firmware is known to expect: the path of a file that `vision-ai conformance
                --profile` wrote, its content as a mapping, or a `Profile`. `field_names` and `part_name` take
                precedence over it.
            field_names: Fields with two names in the vendor's text are sent under "both" (the default), or only as
                "id" (and name) or "item_id" (and item_name) (A1).
            part_name: The name of the file's part in a restore, "file" by default; "" for an empty one, None for no
                name (A4).
            proxy: URL of a proxy. Those of the environment are ignored: a module is connected by a USB cable.
            local_address: The IP address of this computer to come from.
            interface: The network interface to use, such as "usb1": with it one computer can serve two modules,
                which have the same address. Linux (SO_BINDTODEVICE).
            record: The path of a HAR file in which every request and response is recorded, with any URL or
                transport. An existing recording is continued. `replay:` and that path play it back.
            record_secrets: Record what is otherwise left out: serial numbers, the store's number and name, and the
                contents of backups.
            on_call: Called with a `Call` after each call: its operation, code, duration and error.
            strict: Refuse a response that departs from the contract with an InvalidAnswerError that names the field,
                to test a firmware. By default whatever can be understood is read: a missing field is None, a number
                may be a string and a string a number. Unknown fields, and unknown values of enumerations, are no
                departures.
            api: The version of the vendor's API: "auto" (the default) finds out which one the module speaks when a call
                depends on it, with at most one extra request, which only reads; "v1" or "v2" if it is known.
                `api_version` tells what was found.
            set_clock: Whether `wait_until_ready` sets the clock of a module that speaks V2, which forgets the time when
                it restarts.
            catalog: The products that the till sells, which name the guesses of a recognition (`guess.name`) and the
                products of `confirm` and `learn`: a `Catalog`, a mapping of ids to names, the path of a CSV file (see
                `Catalog.from_csv`), or a function that returns the name, or the `Product`, for an id, and None for a
                product that the till does not sell. The function is called for each guess of each recognition, within
                the call. What it raises is logged once; the guess is then kept, without a name.
            only_catalog: Whether guesses that are not in the catalog are left out of `result.items`.
                `result.all_items` has them all.
            journal: The path of an SQLite file, or a `Journal`, in which every recognition is kept with the product
                that was confirmed. Several clients and programs may use the same. Whatever happens to the file, no call
                fails or waits for it.
            journal_pictures: A folder, or a `JournalPictures`, in which a picture of each confirmed recognition is
                kept: each confirmation then takes one more request. By default no pictures are kept.

        Raises:
            InvalidInputError: one of these is not possible, or something is wrong in the catalog's file.
            OSError: the profile or the catalog cannot be read, or the recording cannot be written.
        """
        expectations = Expectations()
        if not (profile is None and field_names is None and part_name is UNSET):
            from .profile import merge_expectations  # not needed by most programs

            expectations = merge_expectations(profile, field_names, part_name)
        lookup = None
        if check_flag("only_catalog", only_catalog) or catalog is not None:
            from ._pipeline.product_lookup import make_lookup  # not needed by programs without a catalog

            lookup = make_lookup(catalog, only_catalog=only_catalog)
        options = Options(
            timeout=check_seconds("timeout", timeout),
            retries=to_retries(retries),
            expectations=expectations,
            on_call=check_on_call(on_call),
            strict=check_flag("strict", strict),
            keep_alive=check_flag("keep_alive", keep_alive),
            api=check_api(api),
            set_clock=check_flag("set_clock", set_clock),
            product_lookup=lookup,
        )
        concurrency = check_count("concurrency", concurrency, 1)
        if journal_pictures is not None and journal is None:
            raise InvalidInputError("journal_pictures needs a journal: give its path as journal=")
        self._url = resolve_url(url, http_client)
        route = select_route(
            self._url,
            ConnectionOptions(
                transport, http_client, proxy, local_address, interface, concurrency, options.keep_alive
            ),
            asynchronous=self._asynchronous,
        )
        carrier = route.transport
        self._fallback_reason: str | None = getattr(carrier, "reason", None)
        if record is not None:
            from .recording import Recorder  # not needed by programs that do not record

            carrier = Recorder(carrier, record, asynchronous=self._asynchronous, secrets=record_secrets)
        self._pipeline = Pipeline(route.base_url, carrier, self._make_runtime(concurrency), options)
        if journal is not None:
            from ._journal import open_journal  # not needed by programs without a journal

            self._pipeline.state.journal = open_journal(journal, journal_pictures, self._pipeline.state)

    @abstractmethod
    def _make_runtime(self, concurrency: int) -> Runtime: ...

    def with_options(
        self: AnyClient, *, timeout: float | None = None, retries: int | Retries | None = None
    ) -> AnyClient:
        """Return a client of the same connection with another timeout or other retries.

        Closing either closes both.

        Args:
            timeout: As for the client; None leaves it.
            retries: As for the client; None leaves them.

        Raises:
            InvalidInputError: one of these is not possible.
        """
        options = self._pipeline.options.with_changes(timeout=timeout, retries=retries)
        other = copy.copy(self)
        other._pipeline = self._pipeline.with_options(options)
        return other

    @property
    def api_version(self) -> Version | None:
        """The version of the vendor's API that the module speaks, "v1" or "v2"; None if that is not known yet.

        With `api="auto"` the first call that depends on it finds out; `get_device_info` always does.
        """
        return self._pipeline.state.api_version

    def __repr__(self) -> str:
        state = " (closed)" if self._pipeline.state.closed else ""
        carrier = f" over httpx: {self._fallback_reason}" if self._fallback_reason else ""
        return f"<{type(self).__name__} {self._url}{carrier}{state}>"
