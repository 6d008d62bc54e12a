from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.restore_upload import RestoreUpload
from ...models.start_restore_answer import StartRestoreAnswer
from ...types import Response


def _get_kwargs(
    *,
    body: RestoreUpload,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/start_restore",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> StartRestoreAnswer | None:
    if response.status_code == 200:
        response_200 = StartRestoreAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[StartRestoreAnswer]:
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
) -> Response[StartRestoreAnswer]:
    """Send a backup to the module and start to load it; it replaces what was learnt.

     Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
    arrived; the
    module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a second (A14)
    until the
    restore is over. Count on it to take the place of all that the module has learnt.

    The backup should come from the same store and device and from the same version of the engine:
    -6141, -6142
    and -6143 say that it does not, here or later in the status.

    The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
    example
    call is otherwise a plain upload of a file such as `test.evo`.

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
        Response[StartRestoreAnswer]
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
) -> StartRestoreAnswer | None:
    """Send a backup to the module and start to load it; it replaces what was learnt.

     Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
    arrived; the
    module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a second (A14)
    until the
    restore is over. Count on it to take the place of all that the module has learnt.

    The backup should come from the same store and device and from the same version of the engine:
    -6141, -6142
    and -6143 say that it does not, here or later in the status.

    The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
    example
    call is otherwise a plain upload of a file such as `test.evo`.

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
        StartRestoreAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RestoreUpload,
) -> Response[StartRestoreAnswer]:
    """Send a backup to the module and start to load it; it replaces what was learnt.

     Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
    arrived; the
    module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a second (A14)
    until the
    restore is over. Count on it to take the place of all that the module has learnt.

    The backup should come from the same store and device and from the same version of the engine:
    -6141, -6142
    and -6143 say that it does not, here or later in the status.

    The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
    example
    call is otherwise a plain upload of a file such as `test.evo`.

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
        Response[StartRestoreAnswer]
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
) -> StartRestoreAnswer | None:
    """Send a backup to the module and start to load it; it replaces what was learnt.

     Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
    arrived; the
    module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a second (A14)
    until the
    restore is over. Count on it to take the place of all that the module has learnt.

    The backup should come from the same store and device and from the same version of the engine:
    -6141, -6142
    and -6143 say that it does not, here or later in the status.

    The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
    example
    call is otherwise a plain upload of a file such as `test.evo`.

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
        StartRestoreAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
