from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_result_answer import GetResultAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_result",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetResultAnswer | None:
    if response.status_code == 200:
        response_200 = GetResultAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetResultAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetResultAnswer]:
    """Recognise what lies on the pan.

     Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
    of this
    recognition. Show the clerk the products, then send the one that was chosen back with
    `/api/result_feedback`
    and this `sid`.

    The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
    `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
    own
    `sid`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetResultAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> GetResultAnswer | None:
    """Recognise what lies on the pan.

     Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
    of this
    recognition. Show the clerk the products, then send the one that was chosen back with
    `/api/result_feedback`
    and this `sid`.

    The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
    `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
    own
    `sid`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetResultAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetResultAnswer]:
    """Recognise what lies on the pan.

     Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
    of this
    recognition. Show the clerk the products, then send the one that was chosen back with
    `/api/result_feedback`
    and this `sid`.

    The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
    `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
    own
    `sid`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetResultAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> GetResultAnswer | None:
    """Recognise what lies on the pan.

     Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
    of this
    recognition. Show the clerk the products, then send the one that was chosen back with
    `/api/result_feedback`
    and this `sid`.

    The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
    `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
    own
    `sid`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetResultAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
