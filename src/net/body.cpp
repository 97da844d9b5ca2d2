#include "net/body.hpp"

#include "net/timed_socket.hpp"

#include <Poco/Ascii.h>
#include <Poco/Net/HTTPChunkedStream.h>
#include <Poco/Net/HTTPFixedLengthStream.h>
#include <Poco/Net/HTTPStream.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>

namespace flowship::net {

namespace {

using Poco::Net::HTTPMessage;

/// One of Poco's readers of bodies, without the stream around it, which hides why a body ends.
template <class Buffer>
struct Reader : Buffer {
  using Buffer::Buffer;
  int read(char* data, std::streamsize size) { return this->readFromDevice(data, size); }
};

template <class Buffer>
BodyEnd read_all(Reader<Buffer> reader, std::size_t largest, std::string& body,
                 const std::function<bool(std::size_t)>& admit) {
  std::array<char, 16384> piece;
  while (true) {
    const int count = reader.read(piece.data(), piece.size());
    if (count <= 0) return count == 0 ? BodyEnd::complete : BodyEnd::malformed;
    const auto size = static_cast<std::size_t>(count);
    if (size > largest - body.size()) return BodyEnd::too_large;
    if (admit && !admit(size)) return BodyEnd::refused;
    body.append(piece.data(), size);
  }
}

}  // namespace

std::optional<Framing> framing_of(const HTTPMessage& message) {
  std::optional<Framing> framing;
  for (const auto& [name, value] : message) {
    Framing found;
    if (Poco::icompare(name, HTTPMessage::CONTENT_LENGTH) == 0) {
      found.kind = Framing::Kind::sized;
      if (!std::all_of(value.begin(), value.end(), Poco::Ascii::isDigit) ||
          !Poco::NumberParser::tryParseUnsigned64(value, found.size)) {
        return std::nullopt;
      }
    } else if (Poco::icompare(name, HTTPMessage::TRANSFER_ENCODING) == 0) {
      found.kind = Framing::Kind::chunked;
      if (framing || !message.getChunkedTransferEncoding()) return std::nullopt;
    } else {
      continue;
    }
    if (framing && (framing->kind != found.kind || framing->size != found.size)) return std::nullopt;
    framing = found;
  }
  return framing.value_or(Framing());
}

BodyEnd read_body(Poco::Net::HTTPSession& session, const Framing& framing, std::size_t largest, std::string& body,
                  const std::function<bool(std::size_t)>& admit) {
  const auto has_ended = [&] { return TimedSocket::of(session.socket()).ended(); };
  BodyEnd end = BodyEnd::complete;
  switch (framing.kind) {
    case Framing::Kind::sized:
      if (framing.size > largest) return BodyEnd::too_large;
      // Once, since growing would hold a body twice; nothing is resident before it comes.
      body.reserve(framing.size);
      end = read_all(
          Reader<Poco::Net::HTTPFixedLengthStreamBuf>(session, static_cast<Poco::Int64>(framing.size), std::ios::in),
          largest, body, admit);
      return end == BodyEnd::complete && body.size() < framing.size ? BodyEnd::cut : end;
    case Framing::Kind::chunked:
      end = read_all(Reader<Poco::Net::HTTPChunkedStreamBuf>(session, std::ios::in), largest, body, admit);
      return end == BodyEnd::complete && has_ended() ? BodyEnd::cut : end;
    case Framing::Kind::until_close:
      return read_all(Reader<Poco::Net::HTTPStreamBuf>(session, std::ios::in), largest, body, admit);
  }
  return end;
}

}  // namespace flowship::net
