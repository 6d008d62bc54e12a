from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.reboot_answer import RebootAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/reboot",
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> RebootAnswer | None:
    if response.status_code == 200:
        response_200 = RebootAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[RebootAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[RebootAnswer]:
    """Restart the module.

     Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
    connection
    may drop before the answer arrives (A13). The terminal's address on the USB network card may be lost
    and
    must then be set again.

    What becomes of pictures in the registration cache is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RebootAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> RebootAnswer | None:
    """Restart the module.

     Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
    connection
    may drop before the answer arrives (A13). The terminal's address on the USB network card may be lost
    and
    must then be set again.

    What becomes of pictures in the registration cache is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RebootAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[RebootAnswer]:
    """Restart the module.

     Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
    connection
    may drop before the answer arrives (A13). The terminal's address on the USB network card may be lost
    and
    must then be set again.

    What becomes of pictures in the registration cache is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RebootAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> RebootAnswer | None:
    """Restart the module.

     Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
    connection
    may drop before the answer arrives (A13). The terminal's address on the USB network card may be lost
    and
    must then be set again.

    What becomes of pictures in the registration cache is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RebootAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
