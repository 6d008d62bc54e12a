<?php
// Finds the classes of the generated clients and of Debian's Guzzle. With Composer, use vendor/autoload.php instead.
require 'GuzzleHttp/autoload.php';

spl_autoload_register(function (string $class): void {
    [$package, $name] = explode('\\', $class, 2) + ['', ''];
    $folder = ['VisionAi' => 'client', 'VisionAiV2' => 'client_v2'][$package] ?? '';
    $path = __DIR__ . "/build/$folder/lib/" . str_replace('\\', '/', $name) . '.php';
    if ($folder && is_file($path)) {
        require $path;
    }
});
