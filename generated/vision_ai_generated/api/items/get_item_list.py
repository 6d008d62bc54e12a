from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_item_list_answer import GetItemListAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_item_list",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetItemListAnswer | None:
    if response.status_code == 200:
        response_200 = GetItemListAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetItemListAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetItemListAnswer]:
    """List the products that the module can recognise.

     Answers the number and the name of every product the module can recognise now. A product whose
    template
    pictures are still in the cache is not among them until it is committed; see
    `/api/get_registered_item_list` for those.

    The shape of the list is a reading (A7), and so is the type of the name (A9).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetItemListAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> GetItemListAnswer | None:
    """List the products that the module can recognise.

     Answers the number and the name of every product the module can recognise now. A product whose
    template
    pictures are still in the cache is not among them until it is committed; see
    `/api/get_registered_item_list` for those.

    The shape of the list is a reading (A7), and so is the type of the name (A9).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetItemListAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetItemListAnswer]:
    """List the products that the module can recognise.

     Answers the number and the name of every product the module can recognise now. A product whose
    template
    pictures are still in the cache is not among them until it is committed; see
    `/api/get_registered_item_list` for those.

    The shape of the list is a reading (A7), and so is the type of the name (A9).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetItemListAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> GetItemListAnswer | None:
    """List the products that the module can recognise.

     Answers the number and the name of every product the module can recognise now. A product whose
    template
    pictures are still in the cache is not among them until it is committed; see
    `/api/get_registered_item_list` for those.

    The shape of the list is a reading (A7), and so is the type of the name (A9).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetItemListAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
