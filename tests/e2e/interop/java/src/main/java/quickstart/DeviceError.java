package quickstart;

/** An error that the module returned. Its HTTP status is 200 too; only the code differs. */
class DeviceError extends RuntimeException {
    final int code;

    DeviceError(int code) {
        super("the module returned code " + code);
        this.code = code;
    }
}
