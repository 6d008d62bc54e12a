"""One method for each operation of the contract, synchronous and asynchronous. A subclass defines `_call`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from . import api, models
from .operation import Operation, Upload

T = TypeVar("T")


class Operations(ABC):
    """The operations of the contract, synchronous."""

    @abstractmethod
    def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Check the arguments, send the request and convert the response to the operation's result."""

    def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Tell which module this is and how it is set up.

        Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
        store that the module belongs to, and its learning and synchronisation modes.

        The vendor gives the values of a module that comes from the factory, so this call should work before
        activation too. It is the one to find out whether the link is up.

        Returns:
            DeviceInfo: Who the module is, what runs on it and how it is set up.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_device_info`. Source: Device management > Query recognition module
        info.
        """
        return self._call(api.GET_DEVICE_INFO, {})

    def reset_device(
        self,
    ) -> None:
        """Put the module back to factory settings; everything it learnt is lost.

        Undoes the module's association with its store and erases all caches, all recognised products and
        all registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
        store, so that other calls may answer -6128 (not activated); no call that activates a module is
        documented.

        The answer is not documented; it is taken to be the envelope without data, and the connection may
        drop before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's
        state with `/api/get_device_info` first.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/reset_device`. Source: Device management > Factory reset.
        """
        return self._call(api.RESET_DEVICE, {})

    def reboot(
        self,
    ) -> None:
        """Restart the module.

        Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
        connection may drop before the answer arrives (A13). The terminal's address on the USB network card
        may be lost and must then be set again.

        What becomes of pictures in the registration cache is not documented.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/reboot`. Source: Device management > Restart recognition module.
        """
        return self._call(api.REBOOT, {})

    def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Tells the module in which rectangle of the picture products lie. A good fit makes recognition
        better. Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the
        frame. Do this again whenever the module has been moved.

        The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
        `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_calib`. Source: Device management > Set the recognition area.
        """
        return self._call(
            api.SET_CALIB,
            {
                "left": left,
                "top": top,
                "width": width,
                "height": height,
            },
        )

    def get_calib(
        self,
    ) -> models.CalibrationArea:
        """Tell the calibration area that is set.

        Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        What a module answers that was never calibrated is not documented; be ready for `data` null and for
        zeros.

        Returns:
            CalibrationArea: The part of the picture in which products lie: a rectangle in pixels of the
                1280x720 picture, counted from its upper left corner. Whether a module that was never
                calibrated answers zeros, or something else, is not documented; an area without width or
                height is none.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_calib`. Source: Device management > Query recognition area.
        """
        return self._call(api.GET_CALIB, {})

    def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Tell whether the module learns from feedback.

        Answers the learning mode, which is also part of `/api/get_device_info` as `learnMode`.

        Returns:
            LearnModeState: The learning mode, as it is or as it is to be.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_learnmode`. Source: Device management > Query learning mode.
        """
        return self._call(api.GET_LEARNMODE, {})

    def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Switch learning on or off.

        While learning is on, the module learns from each choice that is sent to it with
        `/api/result_feedback`. While it is off, it only recognises. A module learns as it comes from the
        factory.

        Args:
            mode: 0 for off, 1 for on. Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_learnmode`. Source: Device management > Set learning mode.
        """
        return self._call(
            api.SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognise.

        Answers the number and the name of every product the module can recognise now. A product whose
        template pictures are still in the cache is not among them until it is committed; see
        `/api/get_registered_item_list` for those.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognise.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_list`. Source: Category management > Query the recognizable list.
        """
        return self._call(api.GET_ITEM_LIST, {})

    def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product and keep it in the cache.

        Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
        product, and answers the picture and its number. Call it several times with the product turned or
        laid out differently, drop bad pictures with `/api/delete_registered_image`, then make the rest take
        effect with `/api/commit_registered_item`.

        Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
        can be read with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A template picture that was taken just now and put into the cache.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/register_item`. Source: Category management > Register pictures to cache.
        """
        return self._call(
            api.REGISTER_ITEM,
            {
                "id": id,
                "name": name,
            },
        )

    def delete_registered_image(
        self,
        *,
        id: str,
        image_id: str,
    ) -> None:
        """Drop one template picture from the cache.

        Removes one picture of one product from the cache. Committed pictures are not touched. The number of
        the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
        For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            image_id: The number of the picture, as `/api/register_item` or `/api/get_registered_item_list`
                answered it. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_image`. Source: Category management > Delete the picure in
        the registration cache area.
        """
        return self._call(
            api.DELETE_REGISTERED_IMAGE,
            {
                "id": id,
                "image_id": image_id,
            },
        )

    def delete_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Drop all template pictures of one product from the cache.

        Removes every picture of one product that is in the cache and not committed. Only the cache is
        touched.

        The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
        parameters, so the twin `item_id` is inferred from the sibling calls (A1).

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_item`. Source: Category management > Delete all picture in
        the category cache.
        """
        return self._call(
            api.DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Make the cached pictures of one product take effect.

        Hands all cached pictures of one product to the recognition engine. After it the product is in the
        list of `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

        If the answer is lost, look into both lists before calling again. The vendor's example of the
        request has a trailing comma, taken out here (A6). For the name of the field see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/commit_registered_item`. Source: Category management > Submit the cache
        picture.
        """
        return self._call(
            api.COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures that are cached and not committed.

        Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
        drop, or the products that still have to be committed. A commit takes a product as a whole, never
        one picture.

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, not committed yet.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_registered_item_list`. Source: Category management > Get the product ID
        and picture ID that have not been submitted in the current cache.
        """
        return self._call(api.GET_REGISTERED_ITEM_LIST, {})

    def start_backup(
        self,
    ) -> None:
        """Start to save what the module has learnt into a file on the module.

        Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
        once a second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

        The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
        happens to a backup that is already running is not documented.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/start_backup`. Source: Category management > Local backup.
        """
        return self._call(api.START_BACKUP, {})

    def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Tell how far the backup has got.

        Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
        (A12); it succeeded only when `status` is 3. Then `filename` is the name to put into
        `/download/{filename}`.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            BackupStatus: How far the backup has got; the answer of `/api/get_backup_status`, which has no
                envelope. It is over when `status` is 0 or at least 3 (A12).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_backup_status`. Source: Category management > Query backup status.
        """
        return self._call(api.GET_BACKUP_STATUS, {})

    def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
        is 3. This is the only call that is a `GET` and lies outside `/api/`.

        The file is opaque and may be large: write it to disk as it arrives, under another name until it is
        whole. How a missing file is answered is not documented; be ready for the JSON alternative here and
        for an HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6202 FILE_NOT_FOUND,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `GET /download/{filename}`. Source: Category management > Query backup status.
        """
        return self._call(
            api.DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Send a backup to the module and start to load it; it replaces what was learnt.

        Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
        arrived; the module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a
        second (A14) until the restore is over. Count on it to take the place of all that the module has
        learnt.

        The backup should come from the same store and device and from the same version of the engine:
        -6141, -6142 and -6143 say that it does not, here or later in the status.

        The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
        example call is otherwise a plain upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file, as `/download/{filename}` answered them. Send a file name
                with the part, such as `test.evo`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6117 UNKNOWN_COMMAND,
                -6128 NOT_ACTIVATED, -6138 FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH,
                -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143 ENGINE_VERSION_MISMATCH,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR,
                -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/start_restore`. Source: Category management > Local recovery.
        """
        return self._call(
            api.START_RESTORE,
            {
                "file": file,
            },
        )

    def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Tell how far the restore has got.

        Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
        (A12); it succeeded only when `status` is 4.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            RestoreStatus: How far the restore has got; the answer of `/api/get_restore_status`, which has
                no envelope. It is over when `status` is 0 or at least 4 (A12).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6138 FIRMWARE_MISMATCH,
                -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_restore_status`. Source: Category management > Query recovery status.
        """
        return self._call(api.GET_RESTORE_STATUS, {})

    def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognise what lies on the pan.

        Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
        of this recognition. Show the clerk the products, then send the one that was chosen back with
        `/api/result_feedback` and this `sid`.

        The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
        `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
        own `sid`.

        Returns:
            RecognitionResult: One recognition, what the module takes the product on the pan for.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -65xx.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_result`. Source: Category VISION-AI > Get the recognition result.
        """
        return self._call(api.GET_RESULT, {})

    def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Tell the module what a recognised product really was.

        Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
        module gets better at recognising. Send it for right guesses as well as for wrong ones. The module
        learns from it while learning mode is on.

        `sid` is that of the recognition which the choice answers. The vendor's table also says that
        registering and dropping template pictures needs it, but none of those requests has such a field;
        they use `image_id`. For the names of the fields see A1.

        Args:
            sid: The number of the recognition, as `/api/get_result` answered it. Allowed: not empty.
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.
            intop: True if the product was among the guesses of that recognition, false if the clerk had to
                look it up.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/result_feedback`. Source: Category VISION-AI > Return the recognition
        result.
        """
        return self._call(
            api.RESULT_FEEDBACK,
            {
                "sid": sid,
                "id": id,
                "name": name,
                "intop": intop,
            },
        )

    def get_image(
        self,
    ) -> bytes:
        """Take a picture.

        Answers what the camera sees now, a JPEG of 1280x720 pixels: the whole picture, whatever the
        calibration area. Use it to draw that area, see `/api/set_calib`.

        On success **the body is the picture itself**, no JSON. An error is a JSON body instead. Tell the
        two apart by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_image`. Source: General interface > Get the current camera screen.
        """
        return self._call(api.GET_IMAGE, {})


class AsyncOperations(ABC):
    """The operations of the contract, asynchronous."""

    @abstractmethod
    async def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Check the arguments, send the request and convert the response to the operation's result."""

    async def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Tell which module this is and how it is set up.

        Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
        store that the module belongs to, and its learning and synchronisation modes.

        The vendor gives the values of a module that comes from the factory, so this call should work before
        activation too. It is the one to find out whether the link is up.

        Returns:
            DeviceInfo: Who the module is, what runs on it and how it is set up.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_device_info`. Source: Device management > Query recognition module
        info.
        """
        return await self._call(api.GET_DEVICE_INFO, {})

    async def reset_device(
        self,
    ) -> None:
        """Put the module back to factory settings; everything it learnt is lost.

        Undoes the module's association with its store and erases all caches, all recognised products and
        all registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
        store, so that other calls may answer -6128 (not activated); no call that activates a module is
        documented.

        The answer is not documented; it is taken to be the envelope without data, and the connection may
        drop before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's
        state with `/api/get_device_info` first.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/reset_device`. Source: Device management > Factory reset.
        """
        return await self._call(api.RESET_DEVICE, {})

    async def reboot(
        self,
    ) -> None:
        """Restart the module.

        Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
        connection may drop before the answer arrives (A13). The terminal's address on the USB network card
        may be lost and must then be set again.

        What becomes of pictures in the registration cache is not documented.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/reboot`. Source: Device management > Restart recognition module.
        """
        return await self._call(api.REBOOT, {})

    async def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Tells the module in which rectangle of the picture products lie. A good fit makes recognition
        better. Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the
        frame. Do this again whenever the module has been moved.

        The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
        `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_calib`. Source: Device management > Set the recognition area.
        """
        return await self._call(
            api.SET_CALIB,
            {
                "left": left,
                "top": top,
                "width": width,
                "height": height,
            },
        )

    async def get_calib(
        self,
    ) -> models.CalibrationArea:
        """Tell the calibration area that is set.

        Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        What a module answers that was never calibrated is not documented; be ready for `data` null and for
        zeros.

        Returns:
            CalibrationArea: The part of the picture in which products lie: a rectangle in pixels of the
                1280x720 picture, counted from its upper left corner. Whether a module that was never
                calibrated answers zeros, or something else, is not documented; an area without width or
                height is none.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_calib`. Source: Device management > Query recognition area.
        """
        return await self._call(api.GET_CALIB, {})

    async def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Tell whether the module learns from feedback.

        Answers the learning mode, which is also part of `/api/get_device_info` as `learnMode`.

        Returns:
            LearnModeState: The learning mode, as it is or as it is to be.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_learnmode`. Source: Device management > Query learning mode.
        """
        return await self._call(api.GET_LEARNMODE, {})

    async def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Switch learning on or off.

        While learning is on, the module learns from each choice that is sent to it with
        `/api/result_feedback`. While it is off, it only recognises. A module learns as it comes from the
        factory.

        Args:
            mode: 0 for off, 1 for on. Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_learnmode`. Source: Device management > Set learning mode.
        """
        return await self._call(
            api.SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    async def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognise.

        Answers the number and the name of every product the module can recognise now. A product whose
        template pictures are still in the cache is not among them until it is committed; see
        `/api/get_registered_item_list` for those.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognise.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_list`. Source: Category management > Query the recognizable list.
        """
        return await self._call(api.GET_ITEM_LIST, {})

    async def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product and keep it in the cache.

        Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
        product, and answers the picture and its number. Call it several times with the product turned or
        laid out differently, drop bad pictures with `/api/delete_registered_image`, then make the rest take
        effect with `/api/commit_registered_item`.

        Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
        can be read with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A template picture that was taken just now and put into the cache.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/register_item`. Source: Category management > Register pictures to cache.
        """
        return await self._call(
            api.REGISTER_ITEM,
            {
                "id": id,
                "name": name,
            },
        )

    async def delete_registered_image(
        self,
        *,
        id: str,
        image_id: str,
    ) -> None:
        """Drop one template picture from the cache.

        Removes one picture of one product from the cache. Committed pictures are not touched. The number of
        the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
        For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            image_id: The number of the picture, as `/api/register_item` or `/api/get_registered_item_list`
                answered it. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_image`. Source: Category management > Delete the picure in
        the registration cache area.
        """
        return await self._call(
            api.DELETE_REGISTERED_IMAGE,
            {
                "id": id,
                "image_id": image_id,
            },
        )

    async def delete_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Drop all template pictures of one product from the cache.

        Removes every picture of one product that is in the cache and not committed. Only the cache is
        touched.

        The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
        parameters, so the twin `item_id` is inferred from the sibling calls (A1).

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_item`. Source: Category management > Delete all picture in
        the category cache.
        """
        return await self._call(
            api.DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Make the cached pictures of one product take effect.

        Hands all cached pictures of one product to the recognition engine. After it the product is in the
        list of `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

        If the answer is lost, look into both lists before calling again. The vendor's example of the
        request has a trailing comma, taken out here (A6). For the name of the field see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/commit_registered_item`. Source: Category management > Submit the cache
        picture.
        """
        return await self._call(
            api.COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures that are cached and not committed.

        Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
        drop, or the products that still have to be committed. A commit takes a product as a whole, never
        one picture.

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, not committed yet.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_registered_item_list`. Source: Category management > Get the product ID
        and picture ID that have not been submitted in the current cache.
        """
        return await self._call(api.GET_REGISTERED_ITEM_LIST, {})

    async def start_backup(
        self,
    ) -> None:
        """Start to save what the module has learnt into a file on the module.

        Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
        once a second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

        The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
        happens to a backup that is already running is not documented.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/start_backup`. Source: Category management > Local backup.
        """
        return await self._call(api.START_BACKUP, {})

    async def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Tell how far the backup has got.

        Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
        (A12); it succeeded only when `status` is 3. Then `filename` is the name to put into
        `/download/{filename}`.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            BackupStatus: How far the backup has got; the answer of `/api/get_backup_status`, which has no
                envelope. It is over when `status` is 0 or at least 3 (A12).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_backup_status`. Source: Category management > Query backup status.
        """
        return await self._call(api.GET_BACKUP_STATUS, {})

    async def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
        is 3. This is the only call that is a `GET` and lies outside `/api/`.

        The file is opaque and may be large: write it to disk as it arrives, under another name until it is
        whole. How a missing file is answered is not documented; be ready for the JSON alternative here and
        for an HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6202 FILE_NOT_FOUND,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `GET /download/{filename}`. Source: Category management > Query backup status.
        """
        return await self._call(
            api.DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    async def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Send a backup to the module and start to load it; it replaces what was learnt.

        Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
        arrived; the module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a
        second (A14) until the restore is over. Count on it to take the place of all that the module has
        learnt.

        The backup should come from the same store and device and from the same version of the engine:
        -6141, -6142 and -6143 say that it does not, here or later in the status.

        The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
        example call is otherwise a plain upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file, as `/download/{filename}` answered them. Send a file name
                with the part, such as `test.evo`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6117 UNKNOWN_COMMAND,
                -6128 NOT_ACTIVATED, -6138 FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH,
                -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143 ENGINE_VERSION_MISMATCH,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR,
                -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/start_restore`. Source: Category management > Local recovery.
        """
        return await self._call(
            api.START_RESTORE,
            {
                "file": file,
            },
        )

    async def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Tell how far the restore has got.

        Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
        (A12); it succeeded only when `status` is 4.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            RestoreStatus: How far the restore has got; the answer of `/api/get_restore_status`, which has
                no envelope. It is over when `status` is 0 or at least 4 (A12).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6138 FIRMWARE_MISMATCH,
                -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_restore_status`. Source: Category management > Query recovery status.
        """
        return await self._call(api.GET_RESTORE_STATUS, {})

    async def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognise what lies on the pan.

        Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
        of this recognition. Show the clerk the products, then send the one that was chosen back with
        `/api/result_feedback` and this `sid`.

        The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
        `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
        own `sid`.

        Returns:
            RecognitionResult: One recognition, what the module takes the product on the pan for.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -65xx.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_result`. Source: Category VISION-AI > Get the recognition result.
        """
        return await self._call(api.GET_RESULT, {})

    async def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Tell the module what a recognised product really was.

        Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
        module gets better at recognising. Send it for right guesses as well as for wrong ones. The module
        learns from it while learning mode is on.

        `sid` is that of the recognition which the choice answers. The vendor's table also says that
        registering and dropping template pictures needs it, but none of those requests has such a field;
        they use `image_id`. For the names of the fields see A1.

        Args:
            sid: The number of the recognition, as `/api/get_result` answered it. Allowed: not empty.
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.
            intop: True if the product was among the guesses of that recognition, false if the clerk had to
                look it up.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/result_feedback`. Source: Category VISION-AI > Return the recognition
        result.
        """
        return await self._call(
            api.RESULT_FEEDBACK,
            {
                "sid": sid,
                "id": id,
                "name": name,
                "intop": intop,
            },
        )

    async def get_image(
        self,
    ) -> bytes:
        """Take a picture.

        Answers what the camera sees now, a JPEG of 1280x720 pixels: the whole picture, whatever the
        calibration area. Use it to draw that area, see `/api/set_calib`.

        On success **the body is the picture itself**, no JSON. An error is a JSON body instead. Tell the
        two apart by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_image`. Source: General interface > Get the current camera screen.
        """
        return await self._call(api.GET_IMAGE, {})
