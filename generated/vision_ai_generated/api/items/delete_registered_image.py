from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delete_registered_image_answer import DeleteRegisteredImageAnswer
from ...models.delete_registered_image_request import DeleteRegisteredImageRequest
from ...types import Response


def _get_kwargs(
    *,
    body: DeleteRegisteredImageRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/delete_registered_image",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeleteRegisteredImageAnswer | None:
    if response.status_code == 200:
        response_200 = DeleteRegisteredImageAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DeleteRegisteredImageAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredImageRequest,
) -> Response[DeleteRegisteredImageAnswer]:
    """Drop one template picture from the cache.

     Removes one picture of one product from the cache. Committed pictures are not touched. The number of
    the
    picture comes from `/api/register_item` or `/api/get_registered_item_list`.

    What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
    For
    the names of the fields see A1.

    Args:
        body (DeleteRegisteredImageRequest): The template picture to drop from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeleteRegisteredImageAnswer]
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
    body: DeleteRegisteredImageRequest,
) -> DeleteRegisteredImageAnswer | None:
    """Drop one template picture from the cache.

     Removes one picture of one product from the cache. Committed pictures are not touched. The number of
    the
    picture comes from `/api/register_item` or `/api/get_registered_item_list`.

    What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
    For
    the names of the fields see A1.

    Args:
        body (DeleteRegisteredImageRequest): The template picture to drop from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeleteRegisteredImageAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredImageRequest,
) -> Response[DeleteRegisteredImageAnswer]:
    """Drop one template picture from the cache.

     Removes one picture of one product from the cache. Committed pictures are not touched. The number of
    the
    picture comes from `/api/register_item` or `/api/get_registered_item_list`.

    What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
    For
    the names of the fields see A1.

    Args:
        body (DeleteRegisteredImageRequest): The template picture to drop from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeleteRegisteredImageAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredImageRequest,
) -> DeleteRegisteredImageAnswer | None:
    """Drop one template picture from the cache.

     Removes one picture of one product from the cache. Committed pictures are not touched. The number of
    the
    picture comes from `/api/register_item` or `/api/get_registered_item_list`.

    What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
    For
    the names of the fields see A1.

    Args:
        body (DeleteRegisteredImageRequest): The template picture to drop from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeleteRegisteredImageAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
