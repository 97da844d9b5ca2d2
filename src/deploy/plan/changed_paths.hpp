#pragma once

#include "git/repository.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Lists the files directly in a folder of one state of the repository.
using ListFolder = std::function<std::vector<git::Entry>(const std::string& folder)>;

/// The folders of a list of files.
ListFolder folders_of(std::vector<git::Entry> files);
/// The folders of a tree (zero: the empty one). The repository must outlive it.
ListFolder folders_of(const git::Repository& repository, const git::ObjectId& tree);

/// What `git::Repository::differences` gives for trees, for two lists: paths whose blobs differ, or that one side
/// lacks. Files of the working tree have no ids, so they all count as different.
std::vector<git::TreeDifference> differences(std::vector<git::Entry> before, std::vector<git::Entry> after);

/// Two states of a repository: which files differ, and how to list a folder of either.
struct Sides {
  std::vector<git::TreeDifference> differences;
  ListFolder before;
  ListFolder after;
};

/// Two trees (zero: the empty one) of a repository, which must outlive the result; and two lists of files.
Sides sides_of_trees(const git::Repository& repository, const git::ObjectId& before, const git::ObjectId& after,
                     const git::TreeScope& scope);
Sides sides_of_files(std::vector<git::Entry> before, std::vector<git::Entry> after);

/// What has to be read of each state to see the flows that differ: whole folders of snapshot flows, else the files.
struct Touched {
  std::vector<git::Entry> before;
  std::vector<git::Entry> after;
};

/// The files of the flows that differ; those in the folders `also` in any case.
Touched touched(const Sides& sides, const std::set<std::string>& also = {});

}  // namespace flowship::deploy
