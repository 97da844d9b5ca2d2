#pragma once

#include "base/secret.hpp"

#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

// The management keys that this process has read, the one thing that all who write text have to know. They are masked
// wherever they appear, whatever form they have.

namespace flowship {

/// From now on the secret is masked; one of less than 8 characters, which may be a part of any word, is not.
/// Thread-safe.
void hold(const Secret& secret);
/// The same of the value of an environment variable; nothing if it is not set.
void hold_variable(const char* name);

/// A held secret in a text, in bytes.
struct HeldPlace {
  std::size_t begin = 0;
  std::size_t length = 0;
};
std::vector<HeldPlace> find_held(std::string_view text);

/// The text with a star for each character of a held secret, so that its length is the same.
std::string without_held(std::string_view text);

/// While it exists, what is written to the stream goes on to its own buffer without held secrets.
class MaskedStream : public std::streambuf {
 public:
  explicit MaskedStream(std::ostream& stream);
  ~MaskedStream() override;
  MaskedStream(const MaskedStream&) = delete;
  MaskedStream& operator=(const MaskedStream&) = delete;

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int_type overflow(int_type letter) override;
  int sync() override;

 private:
  std::ostream& stream_;
  std::streambuf* const buffer_;
};

}  // namespace flowship
