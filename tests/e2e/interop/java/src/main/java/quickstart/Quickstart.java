package quickstart;

import static quickstart.Responses.check;
import static quickstart.Responses.readBytes;
import static quickstart.Responses.readData;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import visionai.ApiClient;
import visionai.ApiException;
import visionai.api.BackupApi;
import visionai.api.CalibrationApi;
import visionai.api.CameraApi;
import visionai.api.DeviceApi;
import visionai.api.ItemsApi;
import visionai.api.RecognitionApi;
import visionai.model.CommitRegisteredItemRequest;
import visionai.model.ErrorCode;
import visionai.model.RegisterItemRequest;
import visionai.model.ResultFeedbackRequest;
import visionai.model.SetCalibRequest;

/** All operations of a terminal, once: mvn exec:java -Dexec.args=http://127.0.0.1:8172 */
public class Quickstart {
    private static final String ID = "001";
    private static final String NAME = "Apple";
    private static final Path PICTURE = Path.of("build/pan.jpg");
    private static final Path BACKUP = Path.of("build/backup.evo");

    private final DeviceApi device;
    private final CameraApi camera;
    private final CalibrationApi calibration;
    private final ItemsApi items;
    private final RecognitionApi recognition;
    private final BackupApi backup;

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("usage: mvn exec:java -Dexec.args=URL");
        }
        Quickstart quickstart = new Quickstart(connect(arguments[0]));
        quickstart.showDevice();
        quickstart.takePicture();
        quickstart.calibrate();
        quickstart.recognize();
        quickstart.backUp();
        quickstart.restore();
        quickstart.causeError();
    }

    private static ApiClient connect(String url) {
        HttpClient.Builder http = HttpClient.newBuilder()
                // The default is an upgrade to HTTP/2, which some small servers do not support.
                .version(HttpClient.Version.HTTP_1_1)
                // The module connects over USB, so a proxy of the environment cannot reach it.
                .proxy(HttpClient.Builder.NO_PROXY);
        ApiClient module = new ApiClient(http, ApiClient.createDefaultObjectMapper(), url);
        module.setConnectTimeout(Duration.ofSeconds(5));
        module.setReadTimeout(Duration.ofSeconds(30));
        module.setRequestInterceptor(KnownLength::set);
        return module;
    }

    private Quickstart(ApiClient module) {
        device = new DeviceApi(module);
        camera = new CameraApi(module);
        calibration = new CalibrationApi(module);
        items = new ItemsApi(module);
        recognition = new RecognitionApi(module);
        backup = new BackupApi(module);
    }

    private void showDevice() throws ApiException {
        var response = device.getDeviceInfo();
        var info = readData(response.getCode(), response.getData());
        System.out.printf("device: firmware %s, serial number %s%n", info.getFirmware(), info.getSn());
    }

    private void takePicture() throws ApiException, IOException {
        byte[] jpeg = readBytes(camera.getImage());
        String hex = HexFormat.of().formatHex(jpeg);
        if (!hex.startsWith("ffd8ff") || !hex.endsWith("ffd9")) {
            throw new IllegalStateException(jpeg.length + " bytes that are not a complete JPEG");
        }
        Files.write(PICTURE, jpeg);
        System.out.printf("picture: %d bytes, %s%n", jpeg.length, PICTURE);
    }

    private void calibrate() throws ApiException {
        var pan = new SetCalibRequest().left(444).top(39).width(348).height(482);
        check(calibration.setCalib(pan).getCode());
        var response = calibration.getCalib();
        var area = readData(response.getCode(), response.getData());
        if (!List.of(area.getLeft(), area.getTop(), area.getWidth(), area.getHeight())
                .equals(List.of(pan.getLeft(), pan.getTop(), pan.getWidth(), pan.getHeight()))) {
            throw new IllegalStateException("set " + pan + ", read back " + area);
        }
        System.out.printf("calibration: %d x %d pixels at %d, %d%n",
                area.getWidth(), area.getHeight(), area.getLeft(), area.getTop());
    }

    private void recognize() throws ApiException {
        check(items.registerItem(new RegisterItemRequest().id(ID).name(NAME)).getCode());
        check(items.commitRegisteredItem(new CommitRegisteredItemRequest().id(ID)).getCode());

        var response = recognition.getResult();
        var result = readData(response.getCode(), response.getData());
        var guess = result.getItems().stream().filter(each -> each.getId().equals(ID)).findFirst()
                .orElseThrow(() -> new IllegalStateException(NAME + " is not among the guesses " + result));

        var choice = new ResultFeedbackRequest().sid(result.getSid()).id(ID).name(NAME).intop(true);
        check(recognition.resultFeedback(choice).getCode());
        System.out.printf("recognition: %s, %.0f %%%n", NAME, 100 * guess.getScore());
    }

    private void backUp() throws ApiException, IOException, InterruptedException {
        check(backup.startBackup().getCode());
        var status = backup.getBackupStatus();
        check(status.getCode());
        // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
        while (status.getStatus() != 0 && status.getStatus() < 3) {
            Thread.sleep(1000);
            status = backup.getBackupStatus();
            check(status.getCode());
        }
        if (status.getStatus() != 3) {
            throw new IllegalStateException("the backup ended with status " + status.getStatus());
        }
        byte[] content = readBytes(backup.downloadBackup(status.getFilename()));
        Files.write(BACKUP, content);
        System.out.printf("backup: %d bytes, %s%n", content.length, BACKUP);
    }

    private void restore() throws ApiException, InterruptedException {
        check(backup.startRestore(BACKUP.toFile()).getCode());
        var status = backup.getRestoreStatus();
        check(status.getCode());
        while (status.getStatus() != 0 && status.getStatus() < 4) {
            Thread.sleep(1000);
            status = backup.getRestoreStatus();
            check(status.getCode());
        }
        if (status.getStatus() != 4) {
            throw new IllegalStateException("the restore ended with status " + status.getStatus());
        }
        System.out.println("restore: the module restored the backup");
    }

    private void causeError() throws ApiException {
        try {
            check(items.commitRegisteredItem(new CommitRegisteredItemRequest().id("no such product")).getCode());
        } catch (DeviceError error) {
            if (error.code != ErrorCode.FILE_NOT_FOUND.getValue()) {
                throw error;
            }
            System.out.printf("error: %d for a product that is not registered%n", error.code);
            return;
        }
        throw new IllegalStateException("a product that is not registered was committed");
    }
}
