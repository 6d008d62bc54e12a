"""Trade a one-time code for credentials, on a scale's computer. Nothing but the standard library is needed."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import ssl
from urllib.parse import urlsplit

from vision_ai import InvalidInputError
from vision_ai_fleet.codes import read_code
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import CenterUnreachableError, FleetError, NotPermittedError

TIMEOUT = 30.0
LARGEST_REPLY = 64 * 1024
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def redeem(url: str, code: str, fingerprint: str = "") -> Credentials:
    """Return the credentials for a code.

    The code is sent only to a center whose authority has the fingerprint.

    Args:
        url: The page of the center: `https://host:port`, or `http://127.0.0.1:port` on its own computer.
        code: As `vision-ai fleet enrol --code` printed it.
        fingerprint: SHA-256 of the center's authority, in hexadecimal digits; "": one that this system trusts.

    Raises:
        InvalidInputError: the address, the code or the fingerprint is not one.
        CenterUnreachableError: the center does not respond.
        NotPermittedError: the center is another one, or the code is not valid.
    """
    code = read_code(code)
    parts = urlsplit(url if "//" in url else f"https://{url}")
    wanted = re.sub(r"[:\s]", "", fingerprint).lower()
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise InvalidInputError(f"the center's address must be such as https://host:8443, not {url!r}")
    if wanted and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise InvalidInputError("the fingerprint must have 64 hexadecimal digits")
    if parts.scheme == "http":
        if parts.hostname not in LOCAL_HOSTS:
            raise InvalidInputError("without TLS, a code is sent only to this computer: use https://")
        context = None
    else:
        context = _make_context(parts.hostname, parts.port or 443, wanted)
    body = json.dumps({"code": code}).encode()
    status, reply = _send(parts.hostname, parts.port, context, "POST", "/enrol", body)
    if status != 200:
        raise _make_error(status, reply)
    return Credentials.parse(reply)


def _make_context(host: str, port: int, fingerprint: str) -> ssl.SSLContext:
    if not fingerprint:
        return ssl.create_default_context()
    # Whoever answers here is not trusted yet: it is asked for the authority alone, which the fingerprint names.
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    _, authority = _send(host, port, unverified, "GET", "/enrol/ca.pem")
    try:
        found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(authority.strip())).hexdigest()
    except ValueError:
        found = ""
    if found != fingerprint:
        raise NotPermittedError(
            f"the center at {host} is another one: its authority has another fingerprint",
            "Compare the fingerprint with what the center printed. The code was not sent.",
        )
    return ssl.create_default_context(cadata=authority)


def _send(
    host: str, port: int | None, context: ssl.SSLContext | None, method: str, path: str, body: bytes = b""
) -> tuple[int, str]:
    if context is None:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    else:
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
    try:
        connection.request(method, path, body or None, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        return response.status, response.read(LARGEST_REPLY).decode("utf-8", "replace")
    except ssl.SSLCertVerificationError as error:
        raise NotPermittedError(
            f"the certificate of {host} cannot be trusted: {error.verify_message}",
            "Use the name that the certificate has, and the fingerprint that the center printed.",
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise CenterUnreachableError(
            f"the center's page at {host} does not respond: {error or type(error).__name__}",
            "Check the address, and that `vision-ai fleet up` runs there.",
        ) from None
    finally:
        connection.close()


def _make_error(status: int, reply: str) -> FleetError:
    try:
        message = str(json.loads(reply)["error"])
    except (ValueError, KeyError, TypeError):
        message = f"the page responded with the status {status}"
    if status == 403:
        return NotPermittedError(message)
    return FleetError(message, "Try again in a minute.")
