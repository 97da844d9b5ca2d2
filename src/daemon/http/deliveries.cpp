#include "daemon/http/deliveries.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/files.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/split.hpp"

#include <fcntl.h>
#include <utility>

namespace flowship::daemon {

namespace {

constexpr const char* kFile = "deliveries";
constexpr std::size_t kDigest = 64;

}  // namespace

Deliveries::Deliveries(std::filesystem::path folder, std::size_t most) : folder_(std::move(folder)), most_(most) {
  const std::string text = read_file(folder_ / kFile).value_or("");
  for (const std::string_view line : split(text, '\n')) {
    // The last one may be torn.
    if (line.size() == kDigest && !known_.contains(std::string(line))) add(std::string(line));
  }
  rewrite();
}

bool Deliveries::remember(std::string_view repository, std::string_view id) {
  std::string digest = sha256_hex(std::string(repository) + '\n' + std::string(id));
  const std::lock_guard lock(mutex_);
  if (known_.contains(digest)) return false;
  append(digest);
  add(std::move(digest));
  try {
    if (lines_ >= 2 * most_) rewrite();
  } catch (const Error&) {
    // Tried again with the next one. Meanwhile those in memory count.
  }
  return true;
}

void Deliveries::add(std::string digest) {
  known_.insert(digest);
  order_.push_back(std::move(digest));
  if (order_.size() <= most_) return;
  known_.erase(order_.front());
  order_.pop_front();
}

void Deliveries::append(const std::string& digest) {
  constexpr mode_t kOwnerAlone = 0600;
  const std::filesystem::path path = folder_ / kFile;
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kOwnerAlone));
  // A full disk refuses no delivery: it is known until the next start.
  if (file.number() < 0 || file.write_all(digest + "\n") != 0) return;
  ++lines_;
}

void Deliveries::rewrite() {
  std::string text;
  for (const std::string& digest : order_) text += digest + "\n";
  change_files(folder_, {{kFile, text}});
  lines_ = order_.size();
}

}  // namespace flowship::daemon
