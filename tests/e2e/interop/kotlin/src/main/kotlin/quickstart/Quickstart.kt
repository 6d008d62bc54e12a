// All operations of a terminal, once: mvn exec:java -Dexec.args=http://127.0.0.1:8172
package quickstart

import java.io.File
import java.net.Proxy
import java.time.Duration
import java.util.concurrent.TimeUnit
import kotlin.math.roundToInt
import kotlin.system.exitProcess
import okhttp3.ConnectionPool
import okhttp3.OkHttpClient
import visionai.apis.BackupApi
import visionai.apis.CalibrationApi
import visionai.apis.CameraApi
import visionai.apis.DeviceApi
import visionai.apis.ItemsApi
import visionai.apis.RecognitionApi
import visionai.models.CommitRegisteredItemRequest
import visionai.models.ErrorCode
import visionai.models.RegisterItemRequest
import visionai.models.ResultFeedbackRequest
import visionai.models.SetCalibRequest

private const val ID = "001"
private const val NAME = "Apple"
private val PICTURE = File("build/pan.jpg")
private val BACKUP = File("build/backup.evo")

fun main(arguments: Array<String>) {
    val url = arguments.singleOrNull() ?: run {
        System.err.println("usage: mvn exec:java -Dexec.args=URL")
        exitProcess(2)
    }
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
    val backup = BackupApi(url, http)
    showDevice(DeviceApi(url, http))
    takePicture(CameraApi(url, http))
    calibrate(CalibrationApi(url, http))
    recognize(items, RecognitionApi(url, http))
    backUp(backup)
    restore(backup)
    causeError(items)
    // The threads of the client would keep the program alive.
    http.dispatcher.executorService.shutdown()
}

private fun showDevice(device: DeviceApi) {
    val info = device.getDeviceInfo().let { readData(it.code, it.`data`) }
    println("device: firmware ${info.firmware}, serial number ${info.sn}")
}

private fun takePicture(camera: CameraApi) {
    val jpeg = readBytes(camera.getImage())
    val isComplete = jpeg.take(3).map { it.toUByte().toInt() } == listOf(0xFF, 0xD8, 0xFF) && jpeg.last() == 0xD9.toByte()
    check(isComplete) { "${jpeg.size} bytes that are not a complete JPEG" }
    PICTURE.writeBytes(jpeg)
    println("picture: ${jpeg.size} bytes, $PICTURE")
}

private fun calibrate(calibration: CalibrationApi) {
    val pan = SetCalibRequest(left = 444, top = 39, width = 348, height = 482)
    check(calibration.setCalib(pan).code)
    val area = calibration.getCalib().let { readData(it.code, it.`data`) }
    check(SetCalibRequest(area.left, area.top, area.width, area.height) == pan) { "another area: $area" }
    println("calibration: ${area.width} x ${area.height} pixels at ${area.left}, ${area.top}")
}

private fun recognize(items: ItemsApi, recognition: RecognitionApi) {
    check(items.registerItem(RegisterItemRequest(id = ID, name = NAME)).code)
    check(items.commitRegisteredItem(CommitRegisteredItemRequest(id = ID)).code)

    val result = recognition.getResult().let { readData(it.code, it.`data`) }
    val guess = checkNotNull(result.items.find { it.id == ID }) { "$NAME is not among the guesses ${result.items}" }

    check(recognition.resultFeedback(ResultFeedbackRequest(sid = result.sid, id = ID, name = NAME, intop = true)).code)
    println("recognition: $NAME, ${(100 * guess.score).roundToInt()} %")
}

private fun backUp(backup: BackupApi) {
    check(backup.startBackup().code)
    var status = backup.getBackupStatus().also { check(it.code) }
    var number: Int? = status.status
    // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
    while (number in 1..2) {
        Thread.sleep(1000)
        status = backup.getBackupStatus().also { check(it.code) }
        number = status.status
    }
    val filename = status.filename.takeIf { number == 3 }
    val content = readBytes(backup.downloadBackup(checkNotNull(filename) { "the backup ended with status $number" }))
    BACKUP.writeBytes(content)
    println("backup: ${content.size} bytes, $BACKUP")
}

private fun restore(backup: BackupApi) {
    check(backup.startRestore(BACKUP).code)
    var number: Int? = backup.getRestoreStatus().also { check(it.code) }.status
    while (number in 1..3) {
        Thread.sleep(1000)
        number = backup.getRestoreStatus().also { check(it.code) }.status
    }
    check(number == 4) { "the restore ended with status $number" }
    println("restore: the module restored the backup")
}

private fun causeError(items: ItemsApi) {
    try {
        check(items.commitRegisteredItem(CommitRegisteredItemRequest(id = "no such product")).code)
    } catch (error: DeviceException) {
        if (error.code != ErrorCode.FILE_NOT_FOUND.value) throw error
        println("error: ${error.code} for a product that is not registered")
        return
    }
    error("a product that is not registered was committed")
}
