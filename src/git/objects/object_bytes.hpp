#pragma once

#include "git/handle.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace flowship::git {

/// The bytes of an object where libgit2 keeps them (a folder of 10,000 flows is a tree of 400 kB, and is not copied),
/// or as git fetched them.
class ObjectBytes {
 public:
  explicit ObjectBytes(OdbObjectHandle kept) : kept_(std::move(kept)) {}
  explicit ObjectBytes(std::string fetched) : fetched_(std::move(fetched)) {}

  /// Lives as long as this object.
  std::string_view view() const {
    if (kept_ == nullptr) return fetched_;
    return {static_cast<const char*>(git_odb_object_data(kept_.get())), git_odb_object_size(kept_.get())};
  }
  /// As libgit2 says it; git fetches what it is asked for.
  bool is(git_object_t type) const { return kept_ == nullptr || git_odb_object_type(kept_.get()) == type; }

 private:
  OdbObjectHandle kept_;
  std::string fetched_;
};

}  // namespace flowship::git
