"""The Python client of openapi-generator (urllib3, pydantic), which the benchmark generates."""

from vision_ai_openapi_generator import ApiClient, BackupApi, CameraApi, Configuration, RecognitionApi

from .decoding import ModuleError


class OpenapiGenerator:
    def __init__(self, url: str, concurrency: int) -> None:
        configuration = Configuration(host=url)
        configuration.connection_pool_maxsize = concurrency
        client = ApiClient(configuration)
        self._recognition = RecognitionApi(client)
        self._camera = CameraApi(client)
        self._backup = BackupApi(client)

    def get_result(self):
        response = self._recognition.get_result()
        if response.code != 0:
            raise ModuleError(f"code {response.code}")
        return response.data

    def get_image(self) -> bytes:
        return bytes(self._camera.get_image())

    def download(self, target: str) -> None:
        content = self._backup.download_backup("test.evo")
        with open(target, "wb") as file:
            file.write(content)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            response = self._backup.start_restore(("test.evo", file.read()))
        if response.code != 0:
            raise ModuleError(f"code {response.code}")

    def close(self) -> None:
        pass  # the client has no method that closes its connections
