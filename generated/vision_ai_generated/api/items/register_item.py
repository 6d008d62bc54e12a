from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.register_item_answer import RegisterItemAnswer
from ...models.register_item_request import RegisterItemRequest
from ...types import Response


def _get_kwargs(
    *,
    body: RegisterItemRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/register_item",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> RegisterItemAnswer | None:
    if response.status_code == 200:
        response_200 = RegisterItemAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[RegisterItemAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RegisterItemRequest,
) -> Response[RegisterItemAnswer]:
    """Take a template picture of a product and keep it in the cache.

     Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
    product, and
    answers the picture and its number. Call it several times with the product turned or laid out
    differently,
    drop bad pictures with `/api/delete_registered_image`, then make the rest take effect with
    `/api/commit_registered_item`.

    Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
    can be read
    with `/api/get_registered_item_list`. For the names of the fields see A1.

    Args:
        body (RegisterItemRequest): The product of which a template picture is to be taken.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RegisterItemAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: RegisterItemRequest,
) -> RegisterItemAnswer | None:
    """Take a template picture of a product and keep it in the cache.

     Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
    product, and
    answers the picture and its number. Call it several times with the product turned or laid out
    differently,
    drop bad pictures with `/api/delete_registered_image`, then make the rest take effect with
    `/api/commit_registered_item`.

    Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
    can be read
    with `/api/get_registered_item_list`. For the names of the fields see A1.

    Args:
        body (RegisterItemRequest): The product of which a template picture is to be taken.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RegisterItemAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RegisterItemRequest,
) -> Response[RegisterItemAnswer]:
    """Take a template picture of a product and keep it in the cache.

     Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
    product, and
    answers the picture and its number. Call it several times with the product turned or laid out
    differently,
    drop bad pictures with `/api/delete_registered_image`, then make the rest take effect with
    `/api/commit_registered_item`.

    Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
    can be read
    with `/api/get_registered_item_list`. For the names of the fields see A1.

    Args:
        body (RegisterItemRequest): The product of which a template picture is to be taken.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RegisterItemAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: RegisterItemRequest,
) -> RegisterItemAnswer | None:
    """Take a template picture of a product and keep it in the cache.

     Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
    product, and
    answers the picture and its number. Call it several times with the product turned or laid out
    differently,
    drop bad pictures with `/api/delete_registered_image`, then make the rest take effect with
    `/api/commit_registered_item`.

    Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
    can be read
    with `/api/get_registered_item_list`. For the names of the fields see A1.

    Args:
        body (RegisterItemRequest): The product of which a template picture is to be taken.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RegisterItemAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
