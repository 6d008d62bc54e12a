from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.backup_status import BackupStatus
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_backup_status",
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BackupStatus | None:
    if response.status_code == 200:
        response_200 = BackupStatus.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[BackupStatus]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[BackupStatus]:
    """Tell how far the backup has got.

     Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
    (A12); it
    succeeded only when `status` is 3. Then `filename` is the name to put into `/download/{filename}`.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BackupStatus]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> BackupStatus | None:
    """Tell how far the backup has got.

     Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
    (A12); it
    succeeded only when `status` is 3. Then `filename` is the name to put into `/download/{filename}`.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BackupStatus
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[BackupStatus]:
    """Tell how far the backup has got.

     Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
    (A12); it
    succeeded only when `status` is 3. Then `filename` is the name to put into `/download/{filename}`.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BackupStatus]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> BackupStatus | None:
    """Tell how far the backup has got.

     Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
    (A12); it
    succeeded only when `status` is 3. Then `filename` is the name to put into `/download/{filename}`.

    **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
    `status` or in both is not documented: look at both, `code` first. An error may come with `code`
    alone.

    The Chinese messages in the examples are made up; the vendor's own example has an English one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BackupStatus
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
