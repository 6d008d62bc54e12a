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
import java.util.Locale;
import visionai.v2.ApiClient;
import visionai.v2.ApiException;
import visionai.v2.api.CalibrationApi;
import visionai.v2.api.CameraApi;
import visionai.v2.api.DeviceApi;
import visionai.v2.api.ItemsApi;
import visionai.v2.api.RecognitionApi;
import visionai.v2.model.AddItemTemplateRequest;
import visionai.v2.model.DeleteItemTemplateRequest;
import visionai.v2.model.ErrorCode;
import visionai.v2.model.GetItemTemplateListRequest;
import visionai.v2.model.SetCalibRequest;

/**
 * A picture, and a product from its first template to its deletion, with V2 of the API:
 * mvn exec:java -Dexec.args=http://127.0.0.1:8172 -Dexec.mainClass=quickstart.QuickstartV2
 */
public class QuickstartV2 {
    private static final String ID = "001";
    private static final Path PICTURE = Path.of("build/pan.jpg");

    private final DeviceApi device;
    private final CameraApi camera;
    private final CalibrationApi calibration;
    private final ItemsApi items;
    private final RecognitionApi recognition;

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException(
                    "usage: mvn exec:java -Dexec.args=URL -Dexec.mainClass=quickstart.QuickstartV2");
        }
        QuickstartV2 quickstart = new QuickstartV2(connect(arguments[0]));
        quickstart.showDevice();
        quickstart.takePicture();
        String sid = quickstart.teach();
        quickstart.recognize();
        quickstart.deleteTemplate(sid);
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
        return module;
    }

    private QuickstartV2(ApiClient module) {
        device = new DeviceApi(module);
        camera = new CameraApi(module);
        calibration = new CalibrationApi(module);
        items = new ItemsApi(module);
        recognition = new RecognitionApi(module);
    }

    private void showDevice() throws ApiException {
        var response = device.getDeviceInfo();
        var info = readData(response.getCode(), response.getData());
        // The serial number is an Object, because its values were not seen.
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

    private String teach() throws ApiException {
        var added = items.addItemTemplate(new AddItemTemplateRequest().id(ID));
        String sid = readData(added.getCode(), added.getData()).getSid();

        var response = items.getItemTemplateList(new GetItemTemplateListRequest().id(ID));
        var entries = readData(response.getCode(), response.getData());
        // This entry is no template (B3).
        var templates = entries.stream().filter(each -> !each.equals("center")).toList();
        if (!templates.contains(sid)) {
            throw new IllegalStateException("the template " + sid + " is not among " + templates);
        }
        System.out.printf("teaching: template %s, %d of product %s%n", sid, templates.size(), ID);
        return sid;
    }

    private void recognize() throws ApiException {
        var response = recognition.getResult();
        var result = readData(response.getCode(), response.getData());
        var guess = result.getItems().stream().filter(each -> each.getId().equals(ID)).findFirst()
                .orElseThrow(() -> new IllegalStateException(ID + " is not among the guesses " + result));
        System.out.printf(Locale.ROOT, "recognition: product %s, score %.2f%n", ID, guess.getScore());
    }

    private void deleteTemplate(String sid) throws ApiException {
        check(items.deleteItemTemplate(new DeleteItemTemplateRequest().id(ID).sid(sid)).getCode());
        System.out.printf("deletion: template %s%n", sid);
    }

    private void causeError() throws ApiException {
        try {
            check(calibration.setCalib(new SetCalibRequest().left(640).top(0).width(1280).height(720)).getCode());
        } catch (DeviceError error) {
            if (error.code != ErrorCode.PARAMETER_ERROR.getValue()) {
                throw error;
            }
            System.out.printf("error: %d for an area beyond the picture%n", error.code);
            return;
        }
        throw new IllegalStateException("an area beyond the picture was accepted");
    }
}
