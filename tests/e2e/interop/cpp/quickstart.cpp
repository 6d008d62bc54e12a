// All operations of a terminal, once: quickstart http://127.0.0.1:8172
#include "responses.h"

#include <VisionAI/api/BackupApi.h>
#include <VisionAI/api/CalibrationApi.h>
#include <VisionAI/api/CameraApi.h>
#include <VisionAI/api/DeviceApi.h>
#include <VisionAI/api/ItemsApi.h>
#include <VisionAI/api/RecognitionApi.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <thread>

using namespace visionai::api;
using namespace visionai::model;

using Module = std::shared_ptr<const ApiClient>;

const std::string ID = "001";
const std::string NAME = "Apple";
const std::string PICTURE = "build/pan.jpg";
const std::string BACKUP = "build/backup.evo";
constexpr int FILE_NOT_FOUND = -6202; // the generated ErrorCode has no numbers

Module connect(const std::string& url) {
    web::http::client::http_client_config http;
    http.set_timeout(std::chrono::seconds(30));
    // The module connects over USB, so a proxy of the environment cannot reach it.
    http.set_proxy(web::web_proxy::disabled);
    auto configuration = std::make_shared<ApiConfiguration>();
    configuration->setBaseUrl(url);
    configuration->setHttpConfig(http);
    return std::make_shared<ApiClient>(configuration);
}

void save(const std::string& path, const std::string& bytes) {
    std::ofstream stream(path, std::ios::binary);
    stream << bytes;
    if (!stream.flush()) throw std::runtime_error("cannot write " + path);
}

void showDevice(const Module& module) {
    auto info = readData(DeviceApi(module).getDeviceInfo());
    std::cout << "device: firmware " << info->getFirmware() << ", serial number " << info->getSn() << std::endl;
}

void takePicture(const Module& module) {
    auto jpeg = readBytes<ApiException>(CameraApi(module).getImage());
    if (!jpeg.starts_with("\xFF\xD8\xFF") || !jpeg.ends_with("\xFF\xD9"))
        throw std::runtime_error(std::to_string(jpeg.size()) + " bytes that are not a complete JPEG");
    save(PICTURE, jpeg);
    std::cout << "picture: " << jpeg.size() << " bytes, " << PICTURE << std::endl;
}

void calibrate(const Module& module) {
    CalibrationApi api(module);
    auto pan = std::make_shared<SetCalibRequest>();
    pan->setLeft(444);
    pan->setTop(39);
    pan->setWidth(348);
    pan->setHeight(482);
    check(api.setCalib(pan));
    auto area = readData(api.getCalib());
    if (area->toJson() != pan->toJson())
        throw std::runtime_error("the module returned another area: " + area->toJson().serialize());
    std::cout << "calibration: " << area->getWidth() << " x " << area->getHeight() << " pixels at "
              << area->getLeft() << ", " << area->getTop() << std::endl;
}

void recognize(const Module& module) {
    ItemsApi items(module);
    auto product = std::make_shared<RegisterItemRequest>();
    product->setId(ID);
    product->setName(NAME);
    check(items.registerItem(product));
    auto commit = std::make_shared<CommitRegisteredItemRequest>();
    commit->setId(ID);
    check(items.commitRegisteredItem(commit));

    RecognitionApi api(module);
    auto result = readData(api.getResult());
    auto guesses = result->getItems();
    auto guess = std::find_if(guesses.begin(), guesses.end(), [](auto& each) { return each->getId() == ID; });
    if (guess == guesses.end())
        throw std::runtime_error(NAME + " is not among the guesses " + result->toJson().serialize());

    auto choice = std::make_shared<ResultFeedbackRequest>();
    choice->setSid(result->getSid());
    choice->setId(ID);
    choice->setName(NAME);
    choice->setIntop(true);
    check(api.resultFeedback(choice));
    std::cout << "recognition: " << NAME << ", " << std::round(100 * (*guess)->getScore()) << " %" << std::endl;
}

void backUp(const Module& module) {
    BackupApi api(module);
    check(api.startBackup());
    auto status = check(api.getBackupStatus());
    // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
    while (status->getStatus() != 0 && status->getStatus() < 3) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        status = check(api.getBackupStatus());
    }
    if (status->getStatus() != 3)
        throw std::runtime_error("the backup ended with status " + std::to_string(status->getStatus()));
    auto content = readBytes<ApiException>(api.downloadBackup(status->getFilename()));
    save(BACKUP, content);
    std::cout << "backup: " << content.size() << " bytes, " << BACKUP << std::endl;
}

void restore(const Module& module) {
    BackupApi api(module);
    auto part = std::make_shared<HttpContent>();
    part->setContentDisposition("form-data"); // the generated client does not set it
    part->setContentType("application/octet-stream");
    part->setFileName("backup.evo");
    part->setData(std::make_shared<std::ifstream>(BACKUP, std::ios::binary));
    check(api.startRestore(part));
    auto status = check(api.getRestoreStatus());
    while (status->getStatus() != 0 && status->getStatus() < 4) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        status = check(api.getRestoreStatus());
    }
    if (status->getStatus() != 4)
        throw std::runtime_error("the restore ended with status " + std::to_string(status->getStatus()));
    std::cout << "restore: the module restored the backup" << std::endl;
}

void causeError(const Module& module) {
    auto product = std::make_shared<CommitRegisteredItemRequest>();
    product->setId("no such product");
    try {
        check(ItemsApi(module).commitRegisteredItem(product));
    } catch (const DeviceError& error) {
        if (error.code != FILE_NOT_FOUND) throw;
        std::cout << "error: " << error.code << " for a product that is not registered" << std::endl;
        return;
    }
    throw std::runtime_error("a product that is not registered was committed");
}

int main(int count, char* arguments[]) {
    if (count != 2) {
        std::cerr << "usage: quickstart URL" << std::endl;
        return 2;
    }
    try {
        auto module = connect(arguments[1]);
        for (auto step : {showDevice, takePicture, calibrate, recognize, backUp, restore, causeError}) step(module);
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
