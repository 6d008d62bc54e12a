package quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import visionai.ApiClient;
import visionai.model.ErrorAnswer;

/** What the answers of a module have in common. */
class Answers {
    private Answers() {}

    static void done(int code) {
        if (code != 0) {
            throw new DeviceError(code);
        }
    }

    /** What an answer has beside its code. */
    static <T> T data(int code, T data) {
        done(code);
        if (data == null) {
            throw new IllegalStateException("the module answered a success without data");
        }
        return data;
    }

    /** A body of bytes, in whose place an error may come as JSON (A10). The client has written it to a file. */
    static byte[] file(File temporary) throws IOException {
        byte[] body = Files.readAllBytes(temporary.toPath());
        Files.delete(temporary.toPath());
        if (body.length > 0 && body[0] == '{') {
            done(codeOf(new String(body, StandardCharsets.UTF_8)));
        }
        return body;
    }

    private static int codeOf(String body) {
        try {
            return ApiClient.createDefaultObjectMapper().readValue(body, ErrorAnswer.class).getCode();
        } catch (JsonProcessingException notAnError) {
            return 0;
        }
    }
}
