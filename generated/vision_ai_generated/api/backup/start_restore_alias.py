from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.restore_upload import RestoreUpload
from ...models.start_restore_alias_answer import StartRestoreAliasAnswer
from ...types import Response


def _get_kwargs(
    *,
    body: RestoreUpload,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/restore",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> StartRestoreAliasAnswer | None:
    if response.status_code == 200:
        response_200 = StartRestoreAliasAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[StartRestoreAliasAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RestoreUpload,
) -> Response[StartRestoreAliasAnswer]:
    """Send a backup to the module, by the path that the vendor's example calls.

     The same as `/api/start_restore` under the path of the vendor's example call (A3). Use it only when
    the
    module does not know the other one: when that is answered with -6117, or with HTTP 404 or 405.

    Args:
        body (RestoreUpload): The body of a restore: a form with one part, the backup file. The
            vendor's example sends the part without
            any name (A4); here it is named `file`, and a client should let its user choose another
            name, an empty one,
            or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartRestoreAliasAnswer]
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
    body: RestoreUpload,
) -> StartRestoreAliasAnswer | None:
    """Send a backup to the module, by the path that the vendor's example calls.

     The same as `/api/start_restore` under the path of the vendor's example call (A3). Use it only when
    the
    module does not know the other one: when that is answered with -6117, or with HTTP 404 or 405.

    Args:
        body (RestoreUpload): The body of a restore: a form with one part, the backup file. The
            vendor's example sends the part without
            any name (A4); here it is named `file`, and a client should let its user choose another
            name, an empty one,
            or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartRestoreAliasAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RestoreUpload,
) -> Response[StartRestoreAliasAnswer]:
    """Send a backup to the module, by the path that the vendor's example calls.

     The same as `/api/start_restore` under the path of the vendor's example call (A3). Use it only when
    the
    module does not know the other one: when that is answered with -6117, or with HTTP 404 or 405.

    Args:
        body (RestoreUpload): The body of a restore: a form with one part, the backup file. The
            vendor's example sends the part without
            any name (A4); here it is named `file`, and a client should let its user choose another
            name, an empty one,
            or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartRestoreAliasAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: RestoreUpload,
) -> StartRestoreAliasAnswer | None:
    """Send a backup to the module, by the path that the vendor's example calls.

     The same as `/api/start_restore` under the path of the vendor's example call (A3). Use it only when
    the
    module does not know the other one: when that is answered with -6117, or with HTTP 404 or 405.

    Args:
        body (RestoreUpload): The body of a restore: a form with one part, the backup file. The
            vendor's example sends the part without
            any name (A4); here it is named `file`, and a client should let its user choose another
            name, an empty one,
            or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartRestoreAliasAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
