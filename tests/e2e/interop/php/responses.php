<?php
/** An error that the module returned. Its HTTP status is 200 too; only the code differs. */
class DeviceError extends RuntimeException
{
    public function __construct(int $code)
    {
        parent::__construct("the module returned code $code", $code);
    }
}

/** Checks the code of a response. */
function check(object $response): object
{
    if ($response->getCode() !== 0) {
        throw new DeviceError($response->getCode());
    }
    return $response;
}

/** Checks the code of a response, and returns its data. */
function read_data(object $response): object|array
{
    return check($response)->getData() ?? throw new UnexpectedValueException('a success without data');
}

/** Reads a binary response from its temporary file. It can be a JSON error instead (A10). */
function read_bytes(SplFileObject $file): string
{
    $body = file_get_contents($file->getPathname());
    unlink($file->getPathname());
    $code = str_starts_with($body, '{') ? (json_decode($body)->code ?? 0) : 0;
    if ($code !== 0) {
        throw new DeviceError($code);
    }
    return $body;
}
