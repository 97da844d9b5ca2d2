#include "api/requests.hpp"

#include "base/version.hpp"

namespace flowship::api {

net::Request request_with(const Credentials& credentials, const std::string& method, const std::string& target) {
  net::Request request;
  request.method = method;
  request.target = target;
  request.headers.add("Authorization", "Bearer " + credentials.project_id + ":" + credentials.key.reveal());
  request.headers.add("Accept", "application/json");
  request.headers.add("User-Agent", "flowship/" + std::string(version()));
  request.headers.add("x-descope-sdk-name", "flowship");
  request.headers.add("x-descope-sdk-version", std::string(version()));
  request.headers.add("x-descope-project-id", credentials.project_id);
  return request;
}

}  // namespace flowship::api
