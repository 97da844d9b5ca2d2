#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace flowship::net::test {

/// Sets a variable of the environment, or removes it, until the scope ends.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    put(value);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() { put(before_); }

 private:
  void put(const std::optional<std::string>& value) const {
    if (value) {
      ::setenv(name_.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }

  std::string name_;
  std::optional<std::string> before_;
};

/// No proxy and no certificates but those of the test, whatever the machine has set.
class BareEnvironment {
 private:
  ScopedVariable https_{"HTTPS_PROXY", {}};
  ScopedVariable https_lower_{"https_proxy", {}};
  ScopedVariable none_{"NO_PROXY", {}};
  ScopedVariable none_lower_{"no_proxy", {}};
  ScopedVariable file_{"SSL_CERT_FILE", {}};
  ScopedVariable directory_{"SSL_CERT_DIR", {}};
};

}  // namespace flowship::net::test
