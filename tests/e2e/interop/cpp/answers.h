#pragma once

#include <VisionAI/ApiException.h>
#include <VisionAI/HttpContent.h>
#include <cpprest/json.h>

#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

/// The module's no. It arrives with HTTP 200: only its code tells it from a success.
class DeviceError : public std::runtime_error {
public:
    explicit DeviceError(int code)
        : std::runtime_error("the module answered " + std::to_string(code)), code(code) {}

    const int code;
};

/// The answer, once it is there and its code is 0.
template <typename Answer>
std::shared_ptr<Answer> done(const pplx::task<std::shared_ptr<Answer>>& call) {
    auto answer = call.get();
    if (answer->getCode() != 0) throw DeviceError(answer->getCode());
    return answer;
}

/// What the answer has beside its code.
template <typename Answer>
auto data(const pplx::task<std::shared_ptr<Answer>>& call) {
    auto found = done(call)->getData();
    if (!found) throw std::runtime_error("the module answered a success without data");
    return found;
}

/// A body of bytes. The generated client throws where JSON comes in their place, which is an error (A10).
inline std::string file(const pplx::task<std::shared_ptr<visionai::model::HttpContent>>& call) {
    try {
        auto stream = call.get()->getData();
        return {std::istreambuf_iterator<char>(*stream), {}};
    } catch (const visionai::api::ApiException& unexpected) {
        std::error_code broken;
        auto body = web::json::value::parse(*unexpected.getContent(), broken);
        if (broken || !body.has_integer_field("code")) throw;
        throw DeviceError(body.at("code").as_integer());
    }
}
