from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_device_info_answer import GetDeviceInfoAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_device_info",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetDeviceInfoAnswer | None:
    if response.status_code == 200:
        response_200 = GetDeviceInfoAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetDeviceInfoAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetDeviceInfoAnswer]:
    """Tell which module this is and how it is set up.

     Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
    store
    that the module belongs to, and its learning and synchronisation modes.

    The vendor gives the values of a module that comes from the factory, so this call should work before
    activation
    too. It is the one to find out whether the link is up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetDeviceInfoAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> GetDeviceInfoAnswer | None:
    """Tell which module this is and how it is set up.

     Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
    store
    that the module belongs to, and its learning and synchronisation modes.

    The vendor gives the values of a module that comes from the factory, so this call should work before
    activation
    too. It is the one to find out whether the link is up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetDeviceInfoAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetDeviceInfoAnswer]:
    """Tell which module this is and how it is set up.

     Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
    store
    that the module belongs to, and its learning and synchronisation modes.

    The vendor gives the values of a module that comes from the factory, so this call should work before
    activation
    too. It is the one to find out whether the link is up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetDeviceInfoAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> GetDeviceInfoAnswer | None:
    """Tell which module this is and how it is set up.

     Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
    store
    that the module belongs to, and its learning and synchronisation modes.

    The vendor gives the values of a module that comes from the factory, so this call should work before
    activation
    too. It is the one to find out whether the link is up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetDeviceInfoAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
