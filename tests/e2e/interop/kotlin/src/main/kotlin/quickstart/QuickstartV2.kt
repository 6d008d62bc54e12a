// A picture, and a product from its first template to its deletion, with V2 of the API:
// mvn exec:java -Dexec.args=http://127.0.0.1:8172 -Dexec.mainClass=quickstart.QuickstartV2
package quickstart

import java.io.File
import java.net.Proxy
import java.time.Duration
import java.util.Locale
import java.util.concurrent.TimeUnit
import kotlin.system.exitProcess
import okhttp3.ConnectionPool
import okhttp3.OkHttpClient
import visionai.v2.apis.CalibrationApi
import visionai.v2.apis.CameraApi
import visionai.v2.apis.DeviceApi
import visionai.v2.apis.ItemsApi
import visionai.v2.apis.RecognitionApi
import visionai.v2.models.AddItemTemplateRequest
import visionai.v2.models.DeleteItemTemplateRequest
import visionai.v2.models.ErrorCode
import visionai.v2.models.GetItemTemplateListRequest
import visionai.v2.models.SetCalibRequest

/** The program for V2 of the API. */
object QuickstartV2 {
    private const val ID = "001"
    private val PICTURE = File("build/pan.jpg")

    fun run(url: String) {
        val http = OkHttpClient.Builder()
            // The module connects over USB, so a proxy of the environment cannot reach it.
            .proxy(Proxy.NO_PROXY)
            // The default repeats a request whose connection broke, even one that the module has executed.
            .retryOnConnectionFailure(false)
            // Without repetition, a connection must not be used again: the module may have closed it.
            .connectionPool(ConnectionPool(0, 1, TimeUnit.SECONDS))
            .readTimeout(Duration.ofSeconds(30))
            .build()
        val items = ItemsApi(url, http)
        showDevice(DeviceApi(url, http))
        takePicture(CameraApi(url, http))
        val sid = teach(items)
        recognize(RecognitionApi(url, http))
        deleteTemplate(items, sid)
        causeError(CalibrationApi(url, http))
        // The threads of the client would keep the program alive.
        http.dispatcher.executorService.shutdown()
    }

    private fun showDevice(device: DeviceApi) {
        val info = device.getDeviceInfo().let { readData(it.code, it.`data`) }
        // The serial number is of the type Any, because its values were not seen.
        println("device: firmware ${info.firmware}, serial number ${info.sn}")
    }

    private fun takePicture(camera: CameraApi) {
        val jpeg = readBytes(camera.getImage())
        val isComplete = jpeg.take(3).map { it.toUByte().toInt() } == listOf(0xFF, 0xD8, 0xFF) && jpeg.last() == 0xD9.toByte()
        check(isComplete) { "${jpeg.size} bytes that are not a complete JPEG" }
        PICTURE.writeBytes(jpeg)
        println("picture: ${jpeg.size} bytes, $PICTURE")
    }

    private fun teach(items: ItemsApi): String {
        val sid = items.addItemTemplate(AddItemTemplateRequest(id = ID)).let { readData(it.code, it.`data`) }.sid
        val entries = items.getItemTemplateList(GetItemTemplateListRequest(id = ID)).let { readData(it.code, it.`data`) }
        val templates = entries - "center" // no template (B3)
        check(sid in templates) { "the template $sid is not among $templates" }
        println("teaching: template $sid, ${templates.size} of product $ID")
        return sid
    }

    private fun recognize(recognition: RecognitionApi) {
        val result = recognition.getResult().let { readData(it.code, it.`data`) }
        val guess = checkNotNull(result.items.find { it.id == ID }) { "$ID is not among the guesses ${result.items}" }
        println("recognition: product $ID, score ${"%.2f".format(Locale.ROOT, guess.score)}")
    }

    private fun deleteTemplate(items: ItemsApi, sid: String) {
        check(items.deleteItemTemplate(DeleteItemTemplateRequest(id = ID, sid = sid)).code)
        println("deletion: template $sid")
    }

    private fun causeError(calibration: CalibrationApi) {
        try {
            check(calibration.setCalib(SetCalibRequest(left = 640, top = 0, width = 1280, height = 720)).code)
        } catch (error: DeviceException) {
            if (error.code != ErrorCode.PARAMETER_ERROR.value) throw error
            println("error: ${error.code} for an area beyond the picture")
            return
        }
        error("an area beyond the picture was accepted")
    }

    @JvmStatic
    fun main(arguments: Array<String>) {
        run(
            arguments.singleOrNull() ?: run {
                System.err.println("usage: mvn exec:java -Dexec.args=URL -Dexec.mainClass=quickstart.QuickstartV2")
                exitProcess(2)
            },
        )
    }
}
