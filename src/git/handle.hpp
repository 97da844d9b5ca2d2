#pragma once

#include "base/error.hpp"
#include "git/objects/object_id.hpp"

#include <git2.h>

#include <algorithm>
#include <memory>
#include <string_view>

// Included by this module's own sources only, which keeps libgit2 out of the other modules.
namespace flowship::git {

template <auto free_function>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using BlobHandle = std::unique_ptr<git_blob, Deleter<git_blob_free>>;
using CommitHandle = std::unique_ptr<git_commit, Deleter<git_commit_free>>;
using ConfigHandle = std::unique_ptr<git_config, Deleter<git_config_free>>;
using IndexHandle = std::unique_ptr<git_index, Deleter<git_index_free>>;
using ObjectHandle = std::unique_ptr<git_object, Deleter<git_object_free>>;
using OdbHandle = std::unique_ptr<git_odb, Deleter<git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, Deleter<git_odb_object_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, Deleter<git_reference_free>>;
using ReferenceIteratorHandle = std::unique_ptr<git_reference_iterator, Deleter<git_reference_iterator_free>>;
using SignatureHandle = std::unique_ptr<git_signature, Deleter<git_signature_free>>;
using TreeHandle = std::unique_ptr<git_tree, Deleter<git_tree_free>>;
using TreeBuilderHandle = std::unique_ptr<git_treebuilder, Deleter<git_treebuilder_free>>;

/// libgit2's last error, prefixed with what was being done.
Error failure(std::string_view doing, std::string hint = {});

/// Throws `failure(doing)` if `code` is an error of libgit2.
void check(int code, std::string_view doing);

/// The handle that `get(&raw, arguments…)` returns; throws as `check` does.
template <typename Handle, typename Get, typename... Arguments>
Handle acquire(std::string_view doing, Get get, Arguments... arguments) {
  typename Handle::pointer raw = nullptr;
  check(get(&raw, arguments...), doing);
  return Handle(raw);
}

inline git_oid to_oid(const ObjectId& id) {
  git_oid oid{};
  std::copy(id.bytes().begin(), id.bytes().end(), oid.id);
  return oid;
}

inline ObjectId from_oid(const git_oid& oid) {
  std::array<unsigned char, 20> bytes{};
  std::copy_n(oid.id, bytes.size(), bytes.begin());
  return ObjectId(bytes);
}

}  // namespace flowship::git
