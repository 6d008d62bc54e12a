from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delete_registered_item_answer import DeleteRegisteredItemAnswer
from ...models.delete_registered_item_request import DeleteRegisteredItemRequest
from ...types import Response


def _get_kwargs(
    *,
    body: DeleteRegisteredItemRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/delete_registered_item",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeleteRegisteredItemAnswer | None:
    if response.status_code == 200:
        response_200 = DeleteRegisteredItemAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DeleteRegisteredItemAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredItemRequest,
) -> Response[DeleteRegisteredItemAnswer]:
    """Drop all template pictures of one product from the cache.

     Removes every picture of one product that is in the cache and not committed. Only the cache is
    touched.

    The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
    parameters, so the twin `item_id` is inferred from the sibling calls (A1).

    Args:
        body (DeleteRegisteredItemRequest): The product whose template pictures are to be dropped
            from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeleteRegisteredItemAnswer]
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
    body: DeleteRegisteredItemRequest,
) -> DeleteRegisteredItemAnswer | None:
    """Drop all template pictures of one product from the cache.

     Removes every picture of one product that is in the cache and not committed. Only the cache is
    touched.

    The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
    parameters, so the twin `item_id` is inferred from the sibling calls (A1).

    Args:
        body (DeleteRegisteredItemRequest): The product whose template pictures are to be dropped
            from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeleteRegisteredItemAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredItemRequest,
) -> Response[DeleteRegisteredItemAnswer]:
    """Drop all template pictures of one product from the cache.

     Removes every picture of one product that is in the cache and not committed. Only the cache is
    touched.

    The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
    parameters, so the twin `item_id` is inferred from the sibling calls (A1).

    Args:
        body (DeleteRegisteredItemRequest): The product whose template pictures are to be dropped
            from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeleteRegisteredItemAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: DeleteRegisteredItemRequest,
) -> DeleteRegisteredItemAnswer | None:
    """Drop all template pictures of one product from the cache.

     Removes every picture of one product that is in the cache and not committed. Only the cache is
    touched.

    The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
    parameters, so the twin `item_id` is inferred from the sibling calls (A1).

    Args:
        body (DeleteRegisteredItemRequest): The product whose template pictures are to be dropped
            from the cache.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeleteRegisteredItemAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
