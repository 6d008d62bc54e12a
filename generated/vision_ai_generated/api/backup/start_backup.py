from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.start_backup_answer import StartBackupAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/start_backup",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> StartBackupAnswer | None:
    if response.status_code == 200:
        response_200 = StartBackupAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[StartBackupAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[StartBackupAnswer]:
    """Start to save what the module has learnt into a file on the module.

     Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
    once a
    second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

    The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
    happens to a
    backup that is already running is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartBackupAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> StartBackupAnswer | None:
    """Start to save what the module has learnt into a file on the module.

     Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
    once a
    second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

    The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
    happens to a
    backup that is already running is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartBackupAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[StartBackupAnswer]:
    """Start to save what the module has learnt into a file on the module.

     Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
    once a
    second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

    The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
    happens to a
    backup that is already running is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartBackupAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> StartBackupAnswer | None:
    """Start to save what the module has learnt into a file on the module.

     Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
    once a
    second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

    The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
    happens to a
    backup that is already running is not documented.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartBackupAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
