from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_registered_item_list_answer import GetRegisteredItemListAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_registered_item_list",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetRegisteredItemListAnswer | None:
    if response.status_code == 200:
        response_200 = GetRegisteredItemListAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetRegisteredItemListAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetRegisteredItemListAnswer]:
    """List the template pictures that are cached and not committed.

     Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
    drop, or
    the products that still have to be committed. A commit takes a product as a whole, never one
    picture.

    The shape of the list is a reading (A7): one entry for each picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetRegisteredItemListAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> GetRegisteredItemListAnswer | None:
    """List the template pictures that are cached and not committed.

     Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
    drop, or
    the products that still have to be committed. A commit takes a product as a whole, never one
    picture.

    The shape of the list is a reading (A7): one entry for each picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetRegisteredItemListAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetRegisteredItemListAnswer]:
    """List the template pictures that are cached and not committed.

     Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
    drop, or
    the products that still have to be committed. A commit takes a product as a whole, never one
    picture.

    The shape of the list is a reading (A7): one entry for each picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetRegisteredItemListAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> GetRegisteredItemListAnswer | None:
    """List the template pictures that are cached and not committed.

     Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
    drop, or
    the products that still have to be committed. A commit takes a product as a whole, never one
    picture.

    The shape of the list is a reading (A7): one entry for each picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetRegisteredItemListAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
