// A picture, and a product from its first template to its deletion, with V2 of the API:
// quickstart_v2 http://127.0.0.1:8172
#include "responses.h"

#include <VisionAIV2/api/CalibrationApi.h>
#include <VisionAIV2/api/CameraApi.h>
#include <VisionAIV2/api/DeviceApi.h>
#include <VisionAIV2/api/ItemsApi.h>
#include <VisionAIV2/api/RecognitionApi.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>

using namespace visionai::v2::api;
using namespace visionai::v2::model;

using Module = std::shared_ptr<const ApiClient>;

const std::string ID = "001";
const std::string PICTURE = "build/pan.jpg";
constexpr int PARAMETER_ERROR = -6213; // the generated ErrorCode has no numbers

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

void showDevice(const Module& module) {
    auto info = readData(DeviceApi(module).getDeviceInfo());
    // The serial number is any JSON value, because its values were not seen.
    std::string sn = info->snIsSet() ? info->getSn()->toJson().serialize() : "unknown";
    std::cout << "device: firmware " << info->getFirmware() << ", serial number " << sn << std::endl;
}

void takePicture(const Module& module) {
    auto jpeg = readBytes<ApiException>(CameraApi(module).getImage());
    if (!jpeg.starts_with("\xFF\xD8\xFF") || !jpeg.ends_with("\xFF\xD9"))
        throw std::runtime_error(std::to_string(jpeg.size()) + " bytes that are not a complete JPEG");
    std::ofstream stream(PICTURE, std::ios::binary);
    stream << jpeg;
    if (!stream.flush()) throw std::runtime_error("cannot write " + PICTURE);
    std::cout << "picture: " << jpeg.size() << " bytes, " << PICTURE << std::endl;
}

std::string teach(const Module& module) {
    ItemsApi items(module);
    auto product = std::make_shared<AddItemTemplateRequest>();
    product->setId(ID);
    auto sid = readData(items.addItemTemplate(product))->getSid();

    auto query = std::make_shared<GetItemTemplateListRequest>();
    query->setId(ID);
    auto templates = check(items.getItemTemplateList(query))->getData();
    std::erase(templates, "center"); // no template (B3)
    if (std::find(templates.begin(), templates.end(), sid) == templates.end())
        throw std::runtime_error("the template " + sid + " is not in the list");
    std::cout << "teaching: template " << sid << ", " << templates.size() << " of product " << ID << std::endl;
    return sid;
}

void recognize(const Module& module) {
    auto result = readData(RecognitionApi(module).getResult());
    auto guesses = result->getItems();
    auto guess = std::find_if(guesses.begin(), guesses.end(), [](auto& each) { return each->getId() == ID; });
    if (guess == guesses.end())
        throw std::runtime_error(ID + " is not among the guesses " + result->toJson().serialize());
    std::cout << "recognition: product " << ID << ", score " << (*guess)->getScore() << std::endl;
}

void deleteTemplate(const Module& module, const std::string& sid) {
    auto request = std::make_shared<DeleteItemTemplateRequest>();
    request->setId(ID);
    request->setSid(sid);
    check(ItemsApi(module).deleteItemTemplate(request));
    std::cout << "deletion: template " << sid << std::endl;
}

void causeError(const Module& module) {
    auto area = std::make_shared<SetCalibRequest>();
    area->setLeft(640);
    area->setTop(0);
    area->setWidth(1280);
    area->setHeight(720);
    try {
        check(CalibrationApi(module).setCalib(area));
    } catch (const DeviceError& error) {
        if (error.code != PARAMETER_ERROR) throw;
        std::cout << "error: " << error.code << " for an area beyond the picture" << std::endl;
        return;
    }
    throw std::runtime_error("an area beyond the picture was accepted");
}

int main(int count, char* arguments[]) {
    if (count != 2) {
        std::cerr << "usage: quickstart_v2 URL" << std::endl;
        return 2;
    }
    try {
        auto module = connect(arguments[1]);
        showDevice(module);
        takePicture(module);
        auto sid = teach(module);
        recognize(module);
        deleteTemplate(module, sid);
        causeError(module);
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
