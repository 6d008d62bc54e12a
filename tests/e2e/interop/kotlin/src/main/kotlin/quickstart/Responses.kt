package quickstart

import com.squareup.moshi.JsonDataException
import java.io.File
import java.io.IOException
import visionai.infrastructure.Serializer
import visionai.models.ErrorAnswer

/** An error that the module returned. Its HTTP status is 200 too; only the code differs. */
class DeviceException(val code: Int) : Exception("the module returned code $code")

/** Checks the code of a response. */
fun check(code: Int) {
    if (code != 0) throw DeviceException(code)
}

/** Checks the code of a response, and returns its data. */
fun <T : Any> readData(code: Int, data: T?): T {
    check(code)
    return checkNotNull(data) { "the module returned a success without data" }
}

/** Reads a binary response from its temporary file. It can be a JSON error instead (A10). */
fun readBytes(temporary: File): ByteArray {
    val body = temporary.readBytes()
    temporary.delete()
    if (body.firstOrNull() == '{'.code.toByte()) check(codeOf(body.decodeToString()))
    return body
}

private fun codeOf(body: String): Int =
    try {
        Serializer.moshi.adapter(ErrorAnswer::class.java).fromJson(body)?.code ?: 0
    } catch (notAnError: IOException) {
        0
    } catch (notAnError: JsonDataException) {
        0
    }
