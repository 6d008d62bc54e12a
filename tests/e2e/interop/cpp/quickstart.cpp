// Everything a till does with a module, once: quickstart http://127.0.0.1:8172
#include "answers.h"

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
constexpr int FILE_NOT_FOUND = -6202; // the generated ErrorCode has the names, but not the numbers

Module connect(const std::string& url) {
    web::http::client::http_client_config http;
    http.set_timeout(std::chrono::seconds(30));
    // The module hangs on a USB link, where no proxy of the environment can reach it.
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

void device(const Module& module) {
    auto info = data(DeviceApi(module).getDeviceInfo());
    std::cout << "device: firmware " << info->getFirmware() << ", serial number " << info->getSn() << std::endl;
}

void picture(const Module& module) {
    auto jpeg = file(CameraApi(module).getImage());
    if (!jpeg.starts_with("\xFF\xD8\xFF") || !jpeg.ends_with("\xFF\xD9"))
        throw std::runtime_error(std::to_string(jpeg.size()) + " bytes that are no whole JPEG");
    save(PICTURE, jpeg);
    std::cout << "picture: " << jpeg.size() << " bytes, " << PICTURE << std::endl;
}

void calibration(const Module& module) {
    CalibrationApi api(module);
    auto pan = std::make_shared<SetCalibRequest>();
    pan->setLeft(444);
    pan->setTop(39);
    pan->setWidth(348);
    pan->setHeight(482);
    done(api.setCalib(pan));
    auto area = data(api.getCalib());
    if (area->toJson() != pan->toJson())
        throw std::runtime_error("read back another area: " + area->toJson().serialize());
    std::cout << "calibration: " << area->getWidth() << " x " << area->getHeight() << " pixels at "
              << area->getLeft() << ", " << area->getTop() << std::endl;
}

void recognition(const Module& module) {
    ItemsApi items(module);
    auto product = std::make_shared<RegisterItemRequest>();
    product->setId(ID);
    product->setName(NAME);
    done(items.registerItem(product));
    auto commit = std::make_shared<CommitRegisteredItemRequest>();
    commit->setId(ID);
    done(items.commitRegisteredItem(commit));

    RecognitionApi api(module);
    auto result = data(api.getResult());
    auto guesses = result->getItems();
    auto guess = std::find_if(guesses.begin(), guesses.end(), [](auto& each) { return each->getId() == ID; });
    if (guess == guesses.end())
        throw std::runtime_error(NAME + " is not among the guesses " + result->toJson().serialize());

    auto choice = std::make_shared<ResultFeedbackRequest>();
    choice->setSid(result->getSid());
    choice->setId(ID);
    choice->setName(NAME);
    choice->setIntop(true);
    done(api.resultFeedback(choice));
    std::cout << "recognition: " << NAME << ", " << std::round(100 * (*guess)->getScore()) << " %" << std::endl;
}

void backup(const Module& module) {
    BackupApi api(module);
    done(api.startBackup());
    auto status = done(api.getBackupStatus());
    // The rule decides, not the list of numbers: a later firmware may know more of them (A12).
    while (status->getStatus() != 0 && status->getStatus() < 3) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        status = done(api.getBackupStatus());
    }
    if (status->getStatus() != 3)
        throw std::runtime_error("the backup ended with status " + std::to_string(status->getStatus()));
    auto saved = file(api.downloadBackup(status->getFilename()));
    save(BACKUP, saved);
    std::cout << "backup: " << saved.size() << " bytes, " << BACKUP << std::endl;
}

void restore(const Module& module) {
    BackupApi api(module);
    auto part = std::make_shared<HttpContent>();
    part->setContentDisposition("form-data"); // the generated client leaves this to its caller
    part->setContentType("application/octet-stream");
    part->setFileName("backup.evo");
    part->setData(std::make_shared<std::ifstream>(BACKUP, std::ios::binary));
    done(api.startRestore(part));
    auto status = done(api.getRestoreStatus());
    while (status->getStatus() != 0 && status->getStatus() < 4) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        status = done(api.getRestoreStatus());
    }
    if (status->getStatus() != 4)
        throw std::runtime_error("the restore ended with status " + std::to_string(status->getStatus()));
    std::cout << "restore: the module has taken the backup over" << std::endl;
}

void refusal(const Module& module) {
    auto product = std::make_shared<CommitRegisteredItemRequest>();
    product->setId("no such product");
    try {
        done(ItemsApi(module).commitRegisteredItem(product));
    } catch (const DeviceError& no) {
        if (no.code != FILE_NOT_FOUND) throw;
        std::cout << "error: " << no.code << " for a product that was never registered" << std::endl;
        return;
    }
    throw std::runtime_error("a product that was never registered was committed");
}

int main(int count, char* arguments[]) {
    if (count != 2) {
        std::cerr << "usage: quickstart URL" << std::endl;
        return 2;
    }
    try {
        auto module = connect(arguments[1]);
        for (auto step : {device, picture, calibration, recognition, backup, restore, refusal}) step(module);
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
