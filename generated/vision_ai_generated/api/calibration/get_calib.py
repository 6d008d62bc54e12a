from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_calib_answer import GetCalibAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/get_calib",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetCalibAnswer | None:
    if response.status_code == 200:
        response_200 = GetCalibAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetCalibAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetCalibAnswer]:
    """Tell the calibration area that is set.

     Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
    What a
    module answers that was never calibrated is not documented; be ready for `data` null and for zeros.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetCalibAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> GetCalibAnswer | None:
    """Tell the calibration area that is set.

     Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
    What a
    module answers that was never calibrated is not documented; be ready for `data` null and for zeros.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetCalibAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[GetCalibAnswer]:
    """Tell the calibration area that is set.

     Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
    What a
    module answers that was never calibrated is not documented; be ready for `data` null and for zeros.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetCalibAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> GetCalibAnswer | None:
    """Tell the calibration area that is set.

     Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
    What a
    module answers that was never calibrated is not documented; be ready for `data` null and for zeros.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetCalibAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
