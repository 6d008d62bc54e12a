<?php
// Finds the classes of the generated client and of Debian's Guzzle. With Composer, use vendor/autoload.php instead.
require 'GuzzleHttp/autoload.php';

spl_autoload_register(function (string $class): void {
    $path = __DIR__ . '/build/client/lib/' . str_replace(['VisionAi\\', '\\'], ['', '/'], $class) . '.php';
    if (str_starts_with($class, 'VisionAi\\') && is_file($path)) {
        require $path;
    }
});
