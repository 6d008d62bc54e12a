"""openapi-generator's Python client (urllib3, pydantic), generated when the benchmark starts."""

from vision_ai_openapi_generator import ApiClient, BackupApi, CameraApi, Configuration, RecognitionApi

from .reading import ModuleSaidNoError


class OpenapiGenerator:
    def __init__(self, url: str, concurrency: int) -> None:
        configuration = Configuration(host=url)
        configuration.connection_pool_maxsize = concurrency
        client = ApiClient(configuration)
        self._recognition = RecognitionApi(client)
        self._camera = CameraApi(client)
        self._backup = BackupApi(client)

    def get_result(self):
        answer = self._recognition.get_result()
        if answer.code != 0:
            raise ModuleSaidNoError(f"code {answer.code}")
        return answer.data

    def get_image(self) -> bytes:
        return bytes(self._camera.get_image())

    def download(self, target: str) -> None:
        content = self._backup.download_backup("test.evo")
        with open(target, "wb") as file:
            file.write(content)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            answer = self._backup.start_restore(("test.evo", file.read()))
        if answer.code != 0:
            raise ModuleSaidNoError(f"code {answer.code}")

    def close(self) -> None:
        pass  # it has no way to end its connections
