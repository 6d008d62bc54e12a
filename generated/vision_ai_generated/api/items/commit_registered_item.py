from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.commit_registered_item_answer import CommitRegisteredItemAnswer
from ...models.commit_registered_item_request import CommitRegisteredItemRequest
from ...types import Response


def _get_kwargs(
    *,
    body: CommitRegisteredItemRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/commit_registered_item",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CommitRegisteredItemAnswer | None:
    if response.status_code == 200:
        response_200 = CommitRegisteredItemAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CommitRegisteredItemAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CommitRegisteredItemRequest,
) -> Response[CommitRegisteredItemAnswer]:
    """Make the cached pictures of one product take effect.

     Hands all cached pictures of one product to the recognition engine. After it the product is in the
    list of
    `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

    If the answer is lost, look into both lists before calling again. The vendor's example of the
    request has a
    trailing comma, taken out here (A6). For the name of the field see A1.

    Args:
        body (CommitRegisteredItemRequest): The product whose cached template pictures are to take
            effect.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommitRegisteredItemAnswer]
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
    body: CommitRegisteredItemRequest,
) -> CommitRegisteredItemAnswer | None:
    """Make the cached pictures of one product take effect.

     Hands all cached pictures of one product to the recognition engine. After it the product is in the
    list of
    `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

    If the answer is lost, look into both lists before calling again. The vendor's example of the
    request has a
    trailing comma, taken out here (A6). For the name of the field see A1.

    Args:
        body (CommitRegisteredItemRequest): The product whose cached template pictures are to take
            effect.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommitRegisteredItemAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CommitRegisteredItemRequest,
) -> Response[CommitRegisteredItemAnswer]:
    """Make the cached pictures of one product take effect.

     Hands all cached pictures of one product to the recognition engine. After it the product is in the
    list of
    `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

    If the answer is lost, look into both lists before calling again. The vendor's example of the
    request has a
    trailing comma, taken out here (A6). For the name of the field see A1.

    Args:
        body (CommitRegisteredItemRequest): The product whose cached template pictures are to take
            effect.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommitRegisteredItemAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CommitRegisteredItemRequest,
) -> CommitRegisteredItemAnswer | None:
    """Make the cached pictures of one product take effect.

     Hands all cached pictures of one product to the recognition engine. After it the product is in the
    list of
    `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

    If the answer is lost, look into both lists before calling again. The vendor's example of the
    request has a
    trailing comma, taken out here (A6). For the name of the field see A1.

    Args:
        body (CommitRegisteredItemRequest): The product whose cached template pictures are to take
            effect.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommitRegisteredItemAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
