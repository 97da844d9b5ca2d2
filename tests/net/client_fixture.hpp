#pragma once

#include "net/client.hpp"
#include "net/environment.hpp"
#include "net/outcome.hpp"
#include "net/raw_peer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <future>

namespace flowship::net::test {

inline ClientOptions options_for(const std::string& url) {
  ClientOptions options;
  options.base_url = url;
  return options;
}

/// A client against a peer whose every byte the test decides.
class ClientFixture : public testing::Test {
 protected:
  /// What comes of a request to a peer that does as `script` says with its one connection.
  Outcome talk(const std::function<void(RawConnection&)>& script, const Request& request = {}) {
    options_.base_url = peer_.url();
    Client client(options_);
    const auto playing = std::async(std::launch::async, [&] {
      RawConnection connection = peer_.accept();
      script(connection);
    });
    return send(client, request);
  }
  /// What comes of a request that is answered with `bytes`, after which the connection is closed.
  Outcome answered(const std::string& bytes, const Request& request = {}) {
    return talk(
        [&](RawConnection& connection) {
          connection.read_until("\r\n\r\n");
          connection.send(bytes);
        },
        request);
  }

  BareEnvironment environment_;
  RawPeer peer_;
  ClientOptions options_;
};

}  // namespace flowship::net::test
