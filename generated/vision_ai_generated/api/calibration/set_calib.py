from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.set_calib_answer import SetCalibAnswer
from ...models.set_calib_request import SetCalibRequest
from ...types import Response


def _get_kwargs(
    *,
    body: SetCalibRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/set_calib",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> SetCalibAnswer | None:
    if response.status_code == 200:
        response_200 = SetCalibAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[SetCalibAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SetCalibRequest,
) -> Response[SetCalibAnswer]:
    """Set the calibration area, the part of the picture that shows the pan.

     Tells the module in which rectangle of the picture products lie. A good fit makes recognition
    better.
    Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the frame. Do
    this
    again whenever the module has been moved.

    The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
    `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

    Args:
        body (SetCalibRequest): The part of the picture in which products are to be looked for: a
            rectangle in pixels of the 1280x720 picture,
            counted from its upper left corner. It must not be empty, nor reach beyond the picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SetCalibAnswer]
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
    body: SetCalibRequest,
) -> SetCalibAnswer | None:
    """Set the calibration area, the part of the picture that shows the pan.

     Tells the module in which rectangle of the picture products lie. A good fit makes recognition
    better.
    Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the frame. Do
    this
    again whenever the module has been moved.

    The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
    `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

    Args:
        body (SetCalibRequest): The part of the picture in which products are to be looked for: a
            rectangle in pixels of the 1280x720 picture,
            counted from its upper left corner. It must not be empty, nor reach beyond the picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SetCalibAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SetCalibRequest,
) -> Response[SetCalibAnswer]:
    """Set the calibration area, the part of the picture that shows the pan.

     Tells the module in which rectangle of the picture products lie. A good fit makes recognition
    better.
    Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the frame. Do
    this
    again whenever the module has been moved.

    The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
    `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

    Args:
        body (SetCalibRequest): The part of the picture in which products are to be looked for: a
            rectangle in pixels of the 1280x720 picture,
            counted from its upper left corner. It must not be empty, nor reach beyond the picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SetCalibAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: SetCalibRequest,
) -> SetCalibAnswer | None:
    """Set the calibration area, the part of the picture that shows the pan.

     Tells the module in which rectangle of the picture products lie. A good fit makes recognition
    better.
    Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the frame. Do
    this
    again whenever the module has been moved.

    The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
    `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

    Args:
        body (SetCalibRequest): The part of the picture in which products are to be looked for: a
            rectangle in pixels of the 1280x720 picture,
            counted from its upper left corner. It must not be empty, nor reach beyond the picture.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SetCalibAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
