package quickstart;

/** The module's no. It arrives with HTTP 200: only its code tells it from a success. */
class DeviceError extends RuntimeException {
    final int code;

    DeviceError(int code) {
        super("the module answered " + code);
        this.code = code;
    }
}
