#pragma once

#include <Poco/Net/HTTPMessage.h>
#include <Poco/Net/HTTPSession.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace flowship::net {

/// How the end of a body is found.
struct Framing {
  enum class Kind { sized, chunked, until_close };
  Kind kind = Kind::until_close;
  std::uint64_t size = 0;
};

/// Nothing for a message whose body could be read in two ways: lengths that differ or aren't numbers, a length besides
/// chunks, a coding other than `chunked`.
std::optional<Framing> framing_of(const Poco::Net::HTTPMessage& message);

enum class BodyEnd { complete, cut, malformed, too_large, refused };

/// Reads a whole body. Poco ends cut and malformed bodies like complete ones; this counts, and tells them apart.
/// `admit` hears how many more bytes are to be kept, and may refuse them.
BodyEnd read_body(Poco::Net::HTTPSession& session, const Framing& framing, std::size_t largest, std::string& body,
                  const std::function<bool(std::size_t)>& admit = {});

}  // namespace flowship::net
