#pragma once

#include <cpprest/json.h>
#include <pplx/pplxtasks.h>

#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

/// An error that the module returned. Its HTTP status is 200 too; only the code differs.
class DeviceError : public std::runtime_error {
public:
    explicit DeviceError(int code)
        : std::runtime_error("the module returned code " + std::to_string(code)), code(code) {}

    const int code;
};

/// Waits for a response, checks its code and returns it.
template <typename Response>
std::shared_ptr<Response> check(const pplx::task<std::shared_ptr<Response>>& call) {
    auto response = call.get();
    if (response->getCode() != 0) throw DeviceError(response->getCode());
    return response;
}

/// Waits for a response, checks its code and returns its data.
template <typename Response>
auto readData(const pplx::task<std::shared_ptr<Response>>& call) {
    auto data = check(call)->getData();
    if (!data) throw std::runtime_error("the module returned a success without data");
    return data;
}

/// Waits for a binary response. For a JSON error (A10), the generated client throws its ApiException.
template <typename ApiException, typename HttpContent>
std::string readBytes(const pplx::task<std::shared_ptr<HttpContent>>& call) {
    try {
        auto stream = call.get()->getData();
        return {std::istreambuf_iterator<char>(*stream), {}};
    } catch (const ApiException& unexpected) {
        std::error_code invalid;
        auto body = web::json::value::parse(*unexpected.getContent(), invalid);
        if (invalid || !body.has_integer_field("code")) throw;
        throw DeviceError(body.at("code").as_integer());
    }
}
