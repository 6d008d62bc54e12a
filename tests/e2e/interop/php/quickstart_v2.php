<?php
// A picture, and a product from its first template to its deletion, with V2 of the API:
// php quickstart_v2.php http://127.0.0.1:8172
require __DIR__ . '/autoload.php';
require __DIR__ . '/responses.php';

use GuzzleHttp\Client;
use VisionAiV2\Api\CalibrationApi;
use VisionAiV2\Api\CameraApi;
use VisionAiV2\Api\DeviceApi;
use VisionAiV2\Api\ItemsApi;
use VisionAiV2\Api\RecognitionApi;
use VisionAiV2\Configuration;
use VisionAiV2\Model\AddItemTemplateRequest;
use VisionAiV2\Model\DeleteItemTemplateRequest;
use VisionAiV2\Model\ErrorCode;
use VisionAiV2\Model\GetItemTemplateListRequest;
use VisionAiV2\Model\SetCalibRequest;

const ID = '001';
const PICTURE = 'build/pan.jpg';

function show_device(DeviceApi $device): void
{
    $info = read_data($device->getDeviceInfo());
    // The contract has no type for sn, because its values were not seen.
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

function teach(ItemsApi $items): string
{
    $sid = read_data($items->addItemTemplate(new AddItemTemplateRequest(['id' => ID])))->getSid();
    $entries = read_data($items->getItemTemplateList(new GetItemTemplateListRequest(['id' => ID])));
    $templates = array_diff($entries, ['center']); // no template (B3)
    if (!in_array($sid, $templates, true)) {
        throw new UnexpectedValueException("the template $sid is not in the list");
    }
    echo "teaching: template $sid, " . count($templates) . ' of product ' . ID . "\n";
    return $sid;
}

function recognize(RecognitionApi $recognition): void
{
    foreach (read_data($recognition->getResult())->getItems() as $guess) {
        if ($guess->getId() === ID) {
            printf("recognition: product %s, score %.2F\n", ID, $guess->getScore());
            return;
        }
    }
    throw new UnexpectedValueException(ID . ' is not among the guesses');
}

function delete_template(ItemsApi $items, string $sid): void
{
    check($items->deleteItemTemplate(new DeleteItemTemplateRequest(['id' => ID, 'sid' => $sid])));
    echo "deletion: template $sid\n";
}

function cause_error(CalibrationApi $calibration): void
{
    $area = ['left' => 640, 'top' => 0, 'width' => 1280, 'height' => 720];
    try {
        check($calibration->setCalib(new SetCalibRequest($area)));
    } catch (DeviceError $error) {
        if ($error->getCode() !== ErrorCode::PARAMETER_ERROR) {
            throw $error;
        }
        echo "error: {$error->getCode()} for an area beyond the picture\n";
        return;
    }
    throw new UnexpectedValueException('an area beyond the picture was accepted');
}

if ($argc !== 2) {
    fwrite(STDERR, "usage: php quickstart_v2.php URL\n");
    exit(2);
}
// Guzzle has no timeout. The module connects over USB, so a proxy of the environment cannot reach it.
$http = new Client(['timeout' => 30, 'proxy' => '']);
$configuration = (new Configuration())->setHost($argv[1])->setTempFolderPath('build');
$items = new ItemsApi($http, $configuration);
show_device(new DeviceApi($http, $configuration));
take_picture(new CameraApi($http, $configuration));
$sid = teach($items);
recognize(new RecognitionApi($http, $configuration));
delete_template($items, $sid);
cause_error(new CalibrationApi($http, $configuration));
