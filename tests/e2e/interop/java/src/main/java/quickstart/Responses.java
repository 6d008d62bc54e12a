package quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Checks of responses. */
class Responses {
    private Responses() {}

    /** Checks the code of a response. */
    static void check(int code) {
        if (code != 0) {
            throw new DeviceError(code);
        }
    }

    /** Checks the code of a response, and returns its data. */
    static <T> T readData(int code, T data) {
        check(code);
        if (data == null) {
            throw new IllegalStateException("the module returned a success without data");
        }
        return data;
    }

    /** Reads a binary response from its temporary file. It can be a JSON error instead (A10). */
    static byte[] readBytes(File temporary) throws IOException {
        byte[] body = Files.readAllBytes(temporary.toPath());
        Files.delete(temporary.toPath());
        if (body.length > 0 && body[0] == '{') {
            check(codeOf(new String(body, StandardCharsets.UTF_8)));
        }
        return body;
    }

    private static int codeOf(String body) {
        try {
            return new ObjectMapper().readTree(body).path("code").asInt();
        } catch (JsonProcessingException notAnError) {
            return 0;
        }
    }
}
