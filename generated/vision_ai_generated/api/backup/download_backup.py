from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...types import File, Response


def _get_kwargs(
    filename: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/download/{filename}".format(
            filename=quote(str(filename), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> File | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[File]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    filename: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[File]:
    """Download a finished backup.

     Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
    is 3.
    This is the only call that is a `GET` and lies outside `/api/`.

    The file is opaque and may be large: write it to disk as it arrives, under another name until it is
    whole. How
    a missing file is answered is not documented; be ready for the JSON alternative here and for an HTTP
    status
    404.

    Args:
        filename (str): A file name without a folder.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File]
    """

    kwargs = _get_kwargs(
        filename=filename,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    filename: str,
    *,
    client: AuthenticatedClient | Client,
) -> File | None:
    """Download a finished backup.

     Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
    is 3.
    This is the only call that is a `GET` and lies outside `/api/`.

    The file is opaque and may be large: write it to disk as it arrives, under another name until it is
    whole. How
    a missing file is answered is not documented; be ready for the JSON alternative here and for an HTTP
    status
    404.

    Args:
        filename (str): A file name without a folder.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File
    """

    return sync_detailed(
        filename=filename,
        client=client,
    ).parsed


async def asyncio_detailed(
    filename: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[File]:
    """Download a finished backup.

     Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
    is 3.
    This is the only call that is a `GET` and lies outside `/api/`.

    The file is opaque and may be large: write it to disk as it arrives, under another name until it is
    whole. How
    a missing file is answered is not documented; be ready for the JSON alternative here and for an HTTP
    status
    404.

    Args:
        filename (str): A file name without a folder.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File]
    """

    kwargs = _get_kwargs(
        filename=filename,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    filename: str,
    *,
    client: AuthenticatedClient | Client,
) -> File | None:
    """Download a finished backup.

     Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
    is 3.
    This is the only call that is a `GET` and lies outside `/api/`.

    The file is opaque and may be large: write it to disk as it arrives, under another name until it is
    whole. How
    a missing file is answered is not documented; be ready for the JSON alternative here and for an HTTP
    status
    404.

    Args:
        filename (str): A file name without a folder.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File
    """

    return (
        await asyncio_detailed(
            filename=filename,
            client=client,
        )
    ).parsed
