from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.restore_status import RestoreStatus
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_restore_status",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> RestoreStatus | None:
    if response.status_code == 200:
        response_200 = RestoreStatus.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[RestoreStatus]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[RestoreStatus]:
    """Tell how far the restore has got.

     Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
    (A12); it
    succeeded only when `status` is 4.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RestoreStatus]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> RestoreStatus | None:
    """Tell how far the restore has got.

     Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
    (A12); it
    succeeded only when `status` is 4.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RestoreStatus
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[RestoreStatus]:
    """Tell how far the restore has got.

     Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
    (A12); it
    succeeded only when `status` is 4.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[RestoreStatus]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> RestoreStatus | None:
    """Tell how far the restore has got.

     Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
    (A12); it
    succeeded only when `status` is 4.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        RestoreStatus
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
