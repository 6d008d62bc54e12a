from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.reset_device_answer import ResetDeviceAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/reset_device",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ResetDeviceAnswer | None:
    if response.status_code == 200:
        response_200 = ResetDeviceAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ResetDeviceAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[ResetDeviceAnswer]:
    """Put the module back to factory settings; everything it learnt is lost.

     Undoes the module's association with its store and erases all caches, all recognised products and
    all
    registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
    store, so that
    other calls may answer -6128 (not activated); no call that activates a module is documented.

    The answer is not documented; it is taken to be the envelope without data, and the connection may
    drop
    before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's state
    with
    `/api/get_device_info` first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ResetDeviceAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> ResetDeviceAnswer | None:
    """Put the module back to factory settings; everything it learnt is lost.

     Undoes the module's association with its store and erases all caches, all recognised products and
    all
    registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
    store, so that
    other calls may answer -6128 (not activated); no call that activates a module is documented.

    The answer is not documented; it is taken to be the envelope without data, and the connection may
    drop
    before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's state
    with
    `/api/get_device_info` first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ResetDeviceAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[ResetDeviceAnswer]:
    """Put the module back to factory settings; everything it learnt is lost.

     Undoes the module's association with its store and erases all caches, all recognised products and
    all
    registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
    store, so that
    other calls may answer -6128 (not activated); no call that activates a module is documented.

    The answer is not documented; it is taken to be the envelope without data, and the connection may
    drop
    before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's state
    with
    `/api/get_device_info` first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ResetDeviceAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> ResetDeviceAnswer | None:
    """Put the module back to factory settings; everything it learnt is lost.

     Undoes the module's association with its store and erases all caches, all recognised products and
    all
    registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
    store, so that
    other calls may answer -6128 (not activated); no call that activates a module is documented.

    The answer is not documented; it is taken to be the envelope without data, and the connection may
    drop
    before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's state
    with
    `/api/get_device_info` first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ResetDeviceAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
