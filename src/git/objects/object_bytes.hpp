#pragma once

#include "git/handle.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace flowship::git {

/// The bytes of an object in libgit2's cache, without a copy (a folder of 10,000 flows is a tree of 400 kB), or as git
/// fetched them.
class ObjectBytes {
 public:
  explicit ObjectBytes(OdbObjectHandle cached) : cached_(std::move(cached)) {}
  explicit ObjectBytes(std::string fetched) : fetched_(std::move(fetched)) {}

  /// Lives as long as this object.
  std::string_view view() const {
    if (cached_ == nullptr) return fetched_;
    return {static_cast<const char*>(git_odb_object_data(cached_.get())), git_odb_object_size(cached_.get())};
  }
  /// Whether it has that type. Fetched objects have the type that was asked for.
  bool is(git_object_t type) const { return cached_ == nullptr || git_odb_object_type(cached_.get()) == type; }

 private:
  OdbObjectHandle cached_;
  std::string fetched_;
};

}  // namespace flowship::git
