<?php
// All operations of a terminal, once: php quickstart.php http://127.0.0.1:8172
require __DIR__ . '/autoload.php';
require __DIR__ . '/responses.php';

use GuzzleHttp\Client;
use VisionAi\Api\BackupApi;
use VisionAi\Api\CalibrationApi;
use VisionAi\Api\CameraApi;
use VisionAi\Api\DeviceApi;
use VisionAi\Api\ItemsApi;
use VisionAi\Api\RecognitionApi;
use VisionAi\Configuration;
use VisionAi\Model\CommitRegisteredItemRequest;
use VisionAi\Model\ErrorCode;
use VisionAi\Model\RegisterItemRequest;
use VisionAi\Model\ResultFeedbackRequest;
use VisionAi\Model\SetCalibRequest;

const ID = '001';
const NAME = 'Apple';
const PICTURE = 'build/pan.jpg';
const BACKUP = 'build/backup.evo';

function show_device(DeviceApi $device): void
{
    $info = read_data($device->getDeviceInfo());
    echo "device: firmware {$info->getFirmware()}, serial number {$info->getSn()}\n";
}

function take_picture(CameraApi $camera): void
{
    $jpeg = read_bytes($camera->getImage());
    if (!str_starts_with($jpeg, "\xFF\xD8\xFF") || !str_ends_with($jpeg, "\xFF\xD9")) {
        throw new UnexpectedValueException(strlen($jpeg) . ' bytes that are not a complete JPEG');
    }
    file_put_contents(PICTURE, $jpeg);
    echo 'picture: ' . strlen($jpeg) . ' bytes, ' . PICTURE . "\n";
}

function calibrate(CalibrationApi $calibration): void
{
    $pan = ['left' => 444, 'top' => 39, 'width' => 348, 'height' => 482];
    check($calibration->setCalib(new SetCalibRequest($pan)));
    $area = read_data($calibration->getCalib());
    if ((array) $area->jsonSerialize() != $pan) {
        throw new UnexpectedValueException("the module returned another area: $area");
    }
    echo "calibration: {$area->getWidth()} x {$area->getHeight()} pixels at {$area->getLeft()}, {$area->getTop()}\n";
}

function recognize(ItemsApi $items, RecognitionApi $recognition): void
{
    check($items->registerItem(new RegisterItemRequest(['id' => ID, 'name' => NAME])));
    check($items->commitRegisteredItem(new CommitRegisteredItemRequest(['id' => ID])));

    $result = read_data($recognition->getResult());
    $scores = [];
    foreach ($result->getItems() as $guess) {
        $scores[" {$guess->getId()}"] = $guess->getScore(); // as an array key, "12" would become a number
    }
    $score = $scores[' ' . ID] ?? throw new UnexpectedValueException(NAME . ' is not among the guesses');

    $choice = ['sid' => $result->getSid(), 'id' => ID, 'name' => NAME, 'intop' => true];
    check($recognition->resultFeedback(new ResultFeedbackRequest($choice)));
    printf("recognition: %s, %.0f %%\n", NAME, 100 * $score);
}

function back_up(BackupApi $backup): void
{
    check($backup->startBackup());
    $status = check($backup->getBackupStatus());
    // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
    while ($status->getStatus() > 0 && $status->getStatus() < 3) {
        sleep(1);
        $status = check($backup->getBackupStatus());
    }
    if ($status->getStatus() !== 3) {
        throw new UnexpectedValueException("the backup ended with status {$status->getStatus()}");
    }
    $content = read_bytes($backup->downloadBackup($status->getFilename()));
    file_put_contents(BACKUP, $content);
    echo 'backup: ' . strlen($content) . ' bytes, ' . BACKUP . "\n";
}

function restore(BackupApi $backup): void
{
    check($backup->startRestore(new SplFileObject(BACKUP)));
    $status = check($backup->getRestoreStatus());
    while ($status->getStatus() > 0 && $status->getStatus() < 4) {
        sleep(1);
        $status = check($backup->getRestoreStatus());
    }
    if ($status->getStatus() !== 4) {
        throw new UnexpectedValueException("the restore ended with status {$status->getStatus()}");
    }
    echo "restore: the module restored the backup\n";
}

function cause_error(ItemsApi $items): void
{
    try {
        check($items->commitRegisteredItem(new CommitRegisteredItemRequest(['id' => 'no such product'])));
    } catch (DeviceError $error) {
        if ($error->getCode() !== ErrorCode::FILE_NOT_FOUND) {
            throw $error;
        }
        echo "error: {$error->getCode()} for a product that is not registered\n";
        return;
    }
    throw new UnexpectedValueException('a product that is not registered was committed');
}

if ($argc !== 2) {
    fwrite(STDERR, "usage: php quickstart.php URL\n");
    exit(2);
}
// Guzzle has no timeout. The module connects over USB, so a proxy of the environment cannot reach it.
$http = new Client(['timeout' => 30, 'proxy' => '']);
$configuration = (new Configuration())->setHost($argv[1])->setTempFolderPath('build');
$items = new ItemsApi($http, $configuration);
$backup = new BackupApi($http, $configuration);
show_device(new DeviceApi($http, $configuration));
take_picture(new CameraApi($http, $configuration));
calibrate(new CalibrationApi($http, $configuration));
recognize($items, new RecognitionApi($http, $configuration));
back_up($backup);
restore($backup);
cause_error($items);
